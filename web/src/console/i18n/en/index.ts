import { audit } from "./audit";
import { common } from "./common";
import { counts } from "./counts";
import { order } from "./order";
import { sku } from "./sku";
import { stock } from "./stock";

/** English. */
export const en = { audit, common, counts, order, sku, stock } as const;
