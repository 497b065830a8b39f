import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";

export function CountPage() {
  const { t } = useText();
  return <PageHeading title={t("counts:title")} />;
}
