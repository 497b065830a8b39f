import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";

export function SkuPage() {
  const { t } = useText();
  return <PageHeading title={t("sku:title")} />;
}
