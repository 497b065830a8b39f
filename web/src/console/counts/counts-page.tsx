import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";

export function CountsPage() {
  const { t } = useText();
  return <PageHeading title={t("counts:title")} />;
}
