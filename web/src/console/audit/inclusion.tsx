import { useQuery } from "@tanstack/react-query";

import type { ConsoleInclusionQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { EntryLink } from "../shared/entry-link";
import { quantity } from "../shared/format";
import { saveFile } from "../shared/save-file";
import { SearchText } from "../shared/search-text";
import { useSearchState } from "../shared/search-state";
import { Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { INCLUSION } from "./audit-queries";
import { FlowTable } from "./flow-table";
import { followed } from "./inclusion-check";

type Entry = NonNullable<ConsoleInclusionQuery["inventoryFlow"]>;
type Proof = NonNullable<Entry["inclusionProof"]>;

const ID = /^[1-9]\d{0,18}$/;

/** Whether an entry is beneath a seal, computed here from the proof. */
export function Inclusion() {
  const { t } = useText();
  const { get, set } = useSearchState();
  const [flowId, sealId] = [get("flow"), get("seal")];
  const fault = (id: string) =>
    id === "" || ID.test(id) ? undefined : t("audit:inclusion.invalid");
  const asked = ID.test(flowId) && (sealId === "" || ID.test(sealId));
  const answer = useQuery({
    queryKey: ["inclusion", flowId, sealId],
    enabled: asked,
    queryFn: ({ signal }) =>
      request(INCLUSION, { flowId, sealId: sealId === "" ? null : sealId }, { signal }),
  });
  const entry = answer.data?.inventoryFlow;
  return (
    <section className="inclusion" aria-labelledby="inclusion">
      <h2 id="inclusion">{t("audit:inclusion.title")}</h2>
      <div className="filters">
        <SearchText
          main
          label={t("audit:inclusion.entry")}
          value={flowId}
          hint={t("audit:inclusion.entryHint")}
          fault={fault(flowId)}
          onSearch={(flow) => set({ flow: flow.replace(/^#/, "") })}
        />
        <SearchText
          label={t("audit:inclusion.seal")}
          value={sealId}
          hint={t("audit:inclusion.sealHint")}
          fault={fault(sealId)}
          onSearch={(seal) => set({ seal })}
        />
      </div>
      {!asked ? null : answer.isPending ? (
        <Loading lines={4} />
      ) : answer.isError ? (
        <Failure error={answer.error} onRetry={() => void answer.refetch()} />
      ) : entry == null ? (
        <p role="status">{t("audit:inclusion.noEntry", { id: flowId })}</p>
      ) : (
        <>
          <FlowTable caption={t("audit:inclusion.entry")} flows={[entry]} />
          {entry.inclusionProof == null ? (
            <p role="status" className="warned">
              {t("audit:inclusion.none", { id: flowId })}
            </p>
          ) : (
            <Steps entry={entry} proof={entry.inclusionProof} />
          )}
        </>
      )}
    </section>
  );
}

function Steps({ entry, proof }: { entry: Entry; proof: Proof }) {
  const { t } = useText();
  const steps = followed(proof);
  const holds = Object.values(steps).every((step) => step === true);
  const fails = Object.values(steps).includes(false);
  return (
    <div className="card">
      <h3 role="status" className={holds ? "good" : fails ? "bad" : ""}>
        {t(`audit:inclusion.${holds ? "holds" : fails ? "fails" : "long"}`, {
          id: entry.id,
          seal: proof.seal.id,
        })}
      </h3>
      <ol className="steps">
        {(["entry", "chain", "root", "seal"] as const).map((step) => (
          <li
            key={step}
            className={steps[step] === true ? "held" : steps[step] === false ? "failed" : "open"}
          >
            {t(`audit:inclusion.step.${step}`, {
              links: quantity(proof.linkCount),
              leaf: quantity(proof.leafIndex),
              size: quantity(proof.treeSize),
              seal: proof.seal.id,
            })}
          </li>
        ))}
      </ol>
      <p className="faint">
        {t("audit:inclusion.sealedAt")} <Time at={proof.seal.sealedAt} /> ·{" "}
        {t("audit:inclusion.end")} <EntryLink skuId={proof.skuId} flowId={proof.flowId} />
      </p>
      <p>{t("audit:inclusion.compare")}</p>
      <p className="hash">
        <code className="mono">{proof.seal.hash}</code>
      </p>
      <button
        type="button"
        onClick={() =>
          saveFile(`inclusion-${entry.id}.json`, new Blob([`${JSON.stringify(proof, null, 2)}\n`]))
        }
      >
        {t("audit:inclusion.save")}
      </button>
    </div>
  );
}
