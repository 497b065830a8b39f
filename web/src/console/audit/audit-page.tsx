import { useText } from "../i18n";
import { PageHeading } from "../shared/page-heading";

export function AuditPage() {
  const { t } = useText();
  return <PageHeading title={t("audit:title")} />;
}
