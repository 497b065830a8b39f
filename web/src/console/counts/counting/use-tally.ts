/**
 * What a scan, a number or a correction does. Each observation says all units of a SKU's shelf, so a
 * SKU that is scanned again goes on from what was counted before, under the version that it had when
 * its shelf was begun; of two observations of one version the later counts. Things are done one after
 * the other, in the order in which they were entered.
 */
import { useMemo, useRef, useState, useSyncExternalStore } from "react";

import { newIdempotencyKey } from "../../api/idempotency-key";
import { wholeNumber } from "../../shared/number-field";
import { change, keptItems, nextPlace, onKept, type Kept } from "./kept";
import { owner } from "./owner";
import type { Place, Places } from "./places";
import { versionNow } from "./versions";

export const UNITS_MAX = 1_000_000;
/** A version that comes later may be one of a sale that came after the shelf was begun. */
const VERSION_MS_MAX = 5_000;
/** A shelf with as many units as its SKU has for a number: rather a scan into the wrong field. */
const DOUBTFUL_FROM = 1_000;
/** A number that is typed later is no correction, but a shelf that was looked at again. */
const CORRECTED_MS_MAX = 60_000;

/** When a shelf was begun, and which version its SKU had. */
type Begun = Pick<Kept, "skuId" | "startedAt" | "version" | "versionIs">;

export interface Selected extends Begun {
  /** The observation that takes more units. */
  key?: string;
  /** What was counted on this device so far. */
  before?: number;
  /** So many were counted before it was turned to this time. */
  earlier?: number;
  /** The shelf as it is begun anew, by whoever does not add to what was counted before. */
  anew?: Begun;
}

/** What became of the last entry. `at` tells two that are alike apart. */
export type Sign =
  | { kind: "good"; skuId: string; quantity: number; at: number }
  | { kind: "chosen"; skuId: string; at: number }
  | { kind: Word; text: string; at: number };

type Word =
  | "notSku"
  | "notInCount"
  | "notQuantity"
  | "chooseFirst"
  | "doubt"
  | "takenBack"
  | "cannotTakeBack";

export function useTally(countId: string, places: Places, byUnit: boolean) {
  const items = useSyncExternalStore(onKept, keptItems);
  const mine = useMemo(
    () => items.filter((it) => it.countId === countId && it.owner === owner()),
    [items, countId],
  );
  const [selected, setSelected] = useState<Selected>();
  const [sign, setSign] = useState<Sign>();
  const now = useRef({ selected: undefined as Selected | undefined, places, byUnit });
  now.current.places = places;
  now.current.byUnit = byUnit;
  const queue = useRef(Promise.resolve());

  const tally = useMemo(() => {
    const select = (next: Selected | undefined) => {
      now.current.selected = next;
      setSelected(next);
    };
    const say = (next: DistributiveOmit<Sign, "at">) => setSign({ ...next, at: nextPlace() } as Sign);
    const newest = (skuId: string) =>
      keptItems().findLast(
        (it) =>
          it.countId === countId &&
          it.owner === owner() &&
          it.skuId === skuId &&
          it.state !== "refused",
      );

    /** Units are added to it no more. */
    const end = async () => {
      const { key } = now.current.selected ?? {};
      if (key === undefined) return;
      await change(key, (it) => (it?.state === "open" ? { ...it, state: "waiting" } : undefined));
    };

    const readVersion = async ({ skuId, startedAt }: Begun) => {
      const signal = AbortSignal.timeout(VERSION_MS_MAX);
      const version = await versionNow(countId, skuId, now.current.places.places, signal).catch(
        () => undefined,
      );
      if (version === undefined) return;
      const { selected: chosen } = now.current;
      if (chosen?.startedAt === startedAt) select({ ...chosen, version, versionIs: "read" });
      else if (chosen?.anew?.startedAt === startedAt) {
        select({ ...chosen, anew: { ...chosen.anew, version, versionIs: "read" } });
      }
      const same = (it: Kept) => it.skuId === skuId && it.startedAt === startedAt;
      for (const { key } of keptItems().filter((it) => it.countId === countId && same(it))) {
        await change(key, (it) =>
          it === undefined || it.attempted || it.versionIs !== "believed"
            ? undefined
            : { ...it, version, versionIs: "read" },
        );
      }
    };

    /** A shelf is begun: its version is the last one known, until the one of this moment has come. */
    const shelf = (place: Place): Begun => {
      const { skuId, version } = place;
      const startedAt = new Date(nextPlace()).toISOString();
      const begun: Begun = { skuId, startedAt, version, versionIs: "believed" };
      void readVersion(begun);
      return begun;
    };
    const placeOf = (skuId: string) =>
      now.current.places.places.find((it) => it.skuId === skuId);

    /** Turns to a SKU; false if it is not in the stocktake. `anew` leaves aside what was counted of it. */
    const begin = async (skuId: string, anew: boolean): Promise<boolean> => {
      const place = placeOf(skuId);
      if (place === undefined) return false;
      await end();
      const before = anew ? undefined : newest(skuId);
      const { countedVersion } = place;
      // Whoever counted the shelf later has begun from the beginning.
      const goesOn =
        before !== undefined &&
        (countedVersion === null || BigInt(countedVersion) <= BigInt(before.version));
      if (goesOn) {
        const { startedAt, version, versionIs, quantity, state, key } = before;
        const open = state === "open" ? { key } : {};
        const begun = { skuId, startedAt, version, versionIs, before: quantity, ...open };
        select({ ...begun, earlier: quantity, anew: shelf(place) });
      } else {
        select(shelf(place));
      }
      return true;
    };

    /** Keeps an observation of the SKU that is chosen: all units of its shelf. */
    const write = async (quantity: number, state: "open" | "waiting") => {
      const chosen = now.current.selected;
      if (chosen === undefined) return;
      const place = nextPlace();
      const countedAt = new Date(place).toISOString();
      let kept: Kept | undefined;
      if (chosen.key !== undefined) {
        kept = await change(chosen.key, (it) =>
          it?.state === "open" ? { ...it, quantity, countedAt, place, state } : undefined,
        );
      }
      let { key } = chosen;
      if (kept?.place !== place) {
        // It is sent already, so this is a further observation.
        key = newIdempotencyKey();
        const { skuId, startedAt, version, versionIs } = chosen;
        const common = { key, countId, owner: owner(), skuId, quantity, version, versionIs };
        const item: Kept = { ...common, startedAt, countedAt, state, attempted: false, place };
        await change(key, () => item);
      }
      // The version may have come meanwhile.
      const { selected: after } = now.current;
      if (after?.startedAt === chosen.startedAt && key !== undefined) {
        select({ ...after, key, before: quantity });
      }
      say({ kind: "good", skuId: chosen.skuId, quantity });
    };

    /** Who says how many there are has looked at the whole shelf; when, tells the version. */
    const lookAgain = async () => {
      const chosen = now.current.selected;
      const place = chosen === undefined ? undefined : placeOf(chosen.skuId);
      if (chosen === undefined || place === undefined) return;
      const last = newest(chosen.skuId);
      const late = last !== undefined && last.startedAt === chosen.startedAt &&
        Date.now() - Date.parse(last.countedAt) > CORRECTED_MS_MAX;
      if (chosen.anew === undefined && !late) return;
      await end();
      select(chosen.anew ?? shelf(place));
    };

    const setQuantity = async (text: string, sure: boolean) => {
      if (now.current.selected === undefined) return say({ kind: "chooseFirst", text });
      const quantity = wholeNumber(text, 0, UNITS_MAX);
      if (quantity === undefined) return say({ kind: "notQuantity", text });
      const isSku = placeOf(text.trim()) !== undefined;
      if (!sure && isSku && quantity >= DOUBTFUL_FROM) return say({ kind: "doubt", text: text.trim() });
      await lookAgain();
      await write(quantity, "waiting");
    };

    const scan = async (scanned: string) => {
      const text = scanned.trim();
      if (text === "") return;
      const quantity = /^[*=x×]\s*(\d+)$/i.exec(text);
      if (quantity?.[1] !== undefined) return setQuantity(quantity[1], true);
      if (!/^[1-9]\d{0,18}$/.test(text)) return say({ kind: "notSku", text });
      if (now.current.selected?.skuId !== text && !(await begin(text, false))) {
        return say({ kind: "notInCount", text });
      }
      if (now.current.byUnit) await write((now.current.selected?.before ?? 0) + 1, "open");
      else say({ kind: "chosen", skuId: text });
    };

    const add = async (units: number) => {
      const chosen = now.current.selected;
      if (chosen === undefined) return;
      const quantity = (chosen.before ?? 0) + units;
      if (quantity >= 0 && quantity <= UNITS_MAX) await write(quantity, "open");
    };

    const choose = async (skuId: string, anew: boolean) => {
      if (await begin(skuId, anew)) say({ kind: "chosen", skuId });
      else say({ kind: "notInCount", text: skuId });
    };

    /** Takes an observation back; what may have been sent, by a further one that says what was before. */
    const takeBack = async (item: Kept) => {
      const { skuId } = item;
      let gone = false;
      await change(item.key, (it) => {
        if (it === undefined || it.attempted) return undefined;
        gone = true;
        return null;
      });
      const earlier = keptItems().findLast(
        (it) =>
          it.countId === countId &&
          it.owner === item.owner &&
          it.skuId === skuId &&
          it.state !== "refused" &&
          it.place < item.place,
      );
      if (gone) {
        if (now.current.selected?.skuId === skuId) select(undefined);
        return say({ kind: "takenBack", text: skuId });
      }
      // What an older version had says nothing of this one.
      if (earlier === undefined || earlier.version !== item.version) {
        await begin(skuId, false);
        return say({ kind: "cannotTakeBack", text: skuId });
      }
      await end();
      const { startedAt, version, versionIs } = item;
      select({ skuId, startedAt, version, versionIs, before: item.quantity });
      await write(earlier.quantity, "waiting");
    };

    const inOrder =
      <Arguments extends unknown[]>(act: (...given: Arguments) => Promise<void>) =>
      (...given: Arguments) => {
        queue.current = queue.current.then(() => act(...given)).catch(console.error);
      };
    return {
      scan: inOrder(scan),
      setQuantity: inOrder(setQuantity),
      add: inOrder(add),
      choose: inOrder(choose),
      takeBack: inOrder(takeBack),
    };
  }, [countId]);

  return { ...tally, mine, selected, sign };
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;
