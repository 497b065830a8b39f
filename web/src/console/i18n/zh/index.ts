import { audit } from "./audit";
import { common } from "./common";
import { counts } from "./counts";
import { order } from "./order";
import { sku } from "./sku";
import { stock } from "./stock";
import type { en } from "../en";
import type { Shape } from "../shape";

/** Simplified Chinese. */
export const zh: Shape<typeof en> = { audit, common, counts, order, sku, stock };
