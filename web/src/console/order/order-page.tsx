import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";

export function OrderPage() {
  const { t } = useText();
  return <PageHeading title={t("order:title")} />;
}
