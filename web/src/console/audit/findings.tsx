import { Link } from "wouter";

import type { ConsoleFindingFragment } from "../api/generated/graphql";
import { useText } from "../i18n";
import { EntryLink } from "../shared/entry-link";
import { ForeignText, ShortHash } from "../shared/foreign-text";
import { quantity } from "../shared/format";
import { FlowTable } from "./flow-table";

interface FindingsProps {
  findings: ConsoleFindingFragment[];
  /** How many there are, of which these are the first. */
  all: bigint;
}

/** What is wrong with the books, in words, with the entries at fault. */
export function Findings({ findings, all }: FindingsProps) {
  const { t } = useText();
  if (findings.length === 0) return null;
  return (
    <section aria-label={t("audit:run.findings")}>
      {findings.map((finding, at) => (
        <FindingCard key={at} finding={finding} />
      ))}
      {BigInt(findings.length) < all && (
        <p className="faint">
          {t("audit:run.notShown", { all: quantity(String(all)), shown: findings.length })}
        </p>
      )}
    </section>
  );
}

function FindingCard({ finding }: { finding: ConsoleFindingFragment }) {
  const { t } = useText();
  const { kind, skuId, sequence, expected, actual, flowIds, flows, message } = finding;
  const unread = flowIds.filter((id) => !flows.some((flow) => flow.id === id));
  return (
    <article className="card finding">
      <header>
        <h3>
          <Link href={`/sku/${skuId}`}>{t("audit:finding.sku", { skuId })}</Link>{" "}
          {t(`audit:findings.${kind}.title`)}
        </h3>
        <code className="faint">{kind}</code>
      </header>
      <p title={message}>{t(`audit:findings.${kind}.help`)}</p>
      <dl className="facts">
        {sequence != null && (
          <Fact label={t("audit:finding.sequence")} value={quantity(sequence)} />
        )}
        {expected != null && <Fact label={t("audit:finding.expected")} value={expected} />}
        {actual != null && <Fact label={t("audit:finding.actual")} value={actual} bad />}
      </dl>
      {flows.length > 0 && <FlowTable caption={t("audit:finding.entries")} flows={flows} />}
      {unread.length > 0 && (
        <p className="unread">
          {t("audit:finding.unread")}{" "}
          {unread.map((flowId) => (
            <EntryLink key={flowId} skuId={skuId} flowId={flowId} />
          ))}
        </p>
      )}
    </article>
  );
}

function Fact({ label, value, bad }: { label: string; value: string; bad?: boolean }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={bad === true ? "bad" : undefined}>
        {/^[0-9a-f]{64}$/.test(value) ? <ShortHash hash={value} /> : <ForeignText text={value} />}
      </dd>
    </div>
  );
}
