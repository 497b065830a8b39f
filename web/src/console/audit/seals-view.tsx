/** The seals over the books, and that an entry is beneath one of them. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ConsoleSealsQuery } from "../api/generated/graphql";
import { request } from "../api/request";
import { useText } from "../i18n";
import { copy } from "../shared/copy";
import { DataTable, type Column } from "../shared/data-table";
import { ShortHash } from "../shared/foreign-text";
import { quantity } from "../shared/format";
import { MoreButton } from "../shared/more-button";
import { saveFile } from "../shared/save-file";
import { Empty, Failure, Loading } from "../shared/states";
import { Time } from "../shared/time";
import { toast } from "../shared/toast";
import { SEALS } from "./audit-queries";
import { Inclusion } from "./inclusion";

type Seal = ConsoleSealsQuery["inventorySeals"]["nodes"][number];

export function SealsView() {
  const { t, language } = useText();
  const pages = useInfiniteQuery({
    queryKey: ["seals"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => request(SEALS, { after: pageParam }, { signal }),
    getNextPageParam: ({ inventorySeals: { pageInfo } }) =>
      pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
  });
  const seals = (pages.data?.pages ?? []).flatMap((page) => page.inventorySeals.nodes);
  const columns = useMemo<Column<Seal>[]>(
    () => [
      { id: "id", header: t("audit:seals.number"), cell: ({ row }) => row.original.id },
      {
        id: "sealedAt",
        header: t("field.at"),
        cell: ({ row }) => <Time at={row.original.sealedAt} />,
      },
      {
        id: "skuCount",
        header: t("audit:seals.skus"),
        meta: { numeric: true, secondary: true },
        cell: ({ row }) => quantity(row.original.skuCount),
      },
      {
        id: "lastFlowId",
        header: t("audit:seals.lastEntry"),
        meta: { numeric: true, secondary: true },
        cell: ({ row }) => `#${row.original.lastFlowId}`,
      },
      {
        id: "root",
        header: t("audit:seals.root"),
        meta: { secondary: true },
        cell: ({ row }) => <ShortHash hash={row.original.merkleRoot} />,
      },
      {
        id: "publicKey",
        header: t("audit:seals.signedBy"),
        meta: { secondary: true },
        cell: ({ row: { original } }) =>
          original.publicKey == null ? (
            <span className="faint">{t("audit:seals.unsigned")}</span>
          ) : (
            <ShortHash hash={original.publicKey} />
          ),
      },
      {
        id: "actions",
        header: "",
        cell: ({ row: { original } }) => (
          <div className="actions">
            <button
              type="button"
              aria-label={t("audit:seals.copyOf", { id: original.id })}
              onClick={() =>
                void copy(original.statement).then((copied) =>
                  toast(t(copied ? "audit:seals.copied" : "audit:seals.notCopied")),
                )
              }
            >
              {t("audit:seals.copy")}
            </button>
            <button
              type="button"
              aria-label={t("audit:seals.saveOf", { id: original.id })}
              onClick={() => saveSeal(original)}
            >
              {t("audit:seals.save")}
            </button>
          </div>
        ),
      },
    ],
    [t, language],
  );
  return (
    <>
      <p className="about">{t("audit:seals.about")}</p>
      {pages.isPending ? (
        <Loading lines={5} />
      ) : pages.isError ? (
        <Failure error={pages.error} onRetry={() => void pages.refetch()} />
      ) : seals.length === 0 ? (
        <Empty title={t("audit:seals.empty")} help={t("audit:seals.emptyHelp")} />
      ) : (
        <>
          <DataTable
            caption={t("audit:seals.table")}
            columns={columns}
            rows={seals}
            rowId={(seal) => seal.id}
          />
          <MoreButton pages={pages} />
          <Inclusion />
        </>
      )}
    </>
  );
}

/** As `stockflow audit verify --seal` takes it. */
function saveSeal(seal: Seal) {
  saveFile(`seal-${seal.id}.json`, new Blob([`${JSON.stringify(seal, null, 2)}\n`]));
}
