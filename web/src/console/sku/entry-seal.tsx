/** Whether a seal is over an entry. The server reads the ends of all chains for it, so the visitor asks. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { request } from "../api/request";
import { useText } from "../i18n";
import { ShortHash } from "../shared/foreign-text";
import { quantity } from "../shared/format";
import { Failure } from "../shared/states";
import { Time } from "../shared/time";
import { ENTRY_SEAL } from "./entry-queries";

export function EntrySeal({ flowId }: { flowId: string }) {
  const { t } = useText();
  const [wanted, setWanted] = useState(false);
  const asked = useQuery({
    queryKey: ["entry-seal", flowId],
    enabled: wanted,
    queryFn: ({ signal }) => request(ENTRY_SEAL, { id: flowId }, { signal }),
  });
  const proof = asked.data?.inventoryFlow?.inclusionProof;
  return (
    <section className="entry-seal">
      <h3>{t("sku:seal")}</h3>
      {!wanted ? (
        <button type="button" onClick={() => setWanted(true)}>
          {t("sku:sealFind")}
        </button>
      ) : asked.isPending ? (
        <p className="faint" role="status">
          {t("state.loading")}
        </p>
      ) : asked.isError ? (
        <Failure error={asked.error} onRetry={() => void asked.refetch()} />
      ) : !proof ? (
        <p role="status">{t("sku:sealNone")}</p>
      ) : (
        <p role="status">
          {t("sku:sealed", {
            id: proof.seal.id,
            leaf: quantity(String(BigInt(proof.leafIndex) + 1n)),
            size: quantity(proof.treeSize),
          })}{" "}
          <Time at={proof.seal.sealedAt} /> <ShortHash hash={proof.seal.hash} />
        </p>
      )}
    </section>
  );
}
