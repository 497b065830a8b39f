/** Who counted a SKU, when, and what they saw. Several may have; one observation counts. */
import { useInfiniteQuery } from "@tanstack/react-query";

import { request } from "../../api/request";
import { useText } from "../../i18n";
import { Dialog } from "../../shared/dialog";
import { quantity } from "../../shared/format";
import { Failure, Loading } from "../../shared/states";
import { Time } from "../../shared/time";
import { COUNT_OBSERVATIONS } from "../count-queries";

interface ObservationsDialogProps {
  countId: string;
  skuId: string;
  onClose: () => void;
}

export function ObservationsDialog({ countId, skuId, onClose }: ObservationsDialogProps) {
  const { t } = useText();
  const pages = useInfiniteQuery({
    queryKey: ["count", countId, "observations", skuId],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const variables = { id: countId, skuId, after: pageParam };
      return (await request(COUNT_OBSERVATIONS, variables, { signal })).inventoryCount?.observations;
    },
    getNextPageParam: (page) =>
      page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? undefined) : undefined,
  });
  const observations = (pages.data?.pages ?? []).flatMap((page) => page?.nodes ?? []);
  return (
    <Dialog open title={t("counts:observationsOf", { skuId })} onClose={onClose}>
      <p className="faint">{t("counts:observationsHelp")}</p>
      {pages.isPending ? (
        <Loading lines={3} />
      ) : pages.isError ? (
        <Failure error={pages.error} onRetry={() => void pages.refetch()} />
      ) : observations.length === 0 ? (
        <p>{t("counts:observationsNone")}</p>
      ) : (
        <ul className="observations">
          {observations.map((it) => (
            <li key={it.id}>
              <strong>{quantity(it.quantity)}</strong>
              <span>
                <span className="name" title={it.actor}>
                  {it.actor}
                </span>
                <small className="faint">
                  <Time at={it.countedAt} /> · {t("counts:atVersion", { version: it.version })}
                </small>
              </span>
            </li>
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <button type="button" className="more" onClick={() => void pages.fetchNextPage()}>
          {t("action.more")}
        </button>
      )}
    </Dialog>
  );
}
