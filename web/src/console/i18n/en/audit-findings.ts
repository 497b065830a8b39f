/** What a finding says, in words. */
export const findings = {
  AMOUNT_MISMATCH: {
    title: "has another amount than its entries make",
    help: "The amount on the books is not what the SKU's entries add up to.",
  },
  VERSION_MISMATCH: {
    title: "has another version than it has entries",
    help: "The version on the books is not the number of the SKU's entries.",
  },
  BALANCE_BREAK: {
    title: "has an entry that does not follow",
    help: "What an entry says was left does not follow from the entry before it.",
  },
  ENTRY_MISSING: {
    title: "lacks entries",
    help: "The sequence has a gap, or ends too early. The entry that is named is the one behind the gap.",
  },
  ENTRY_UNACCOUNTED: {
    title: "has entries too many",
    help: "There are entries that are none of those from 1 to the version on the books.",
  },
  ENTRY_OUT_OF_ORDER: {
    title: "has entries out of order",
    help: "The ids of entries run against their sequence.",
  },
  ENTRY_UNREADABLE: {
    title: "has an entry that cannot be read",
    help: "A row holds what the server never writes.",
  },
  OPENING_MISPLACED: {
    title: "has an opening out of place",
    help: "The first entry is no opening, or a later one is.",
  },
  MERCHANT_MISMATCH: {
    title: "has an entry of another merchant",
    help: "An entry belongs to another merchant than its SKU.",
  },
  REFUND_EXCEEDS_DEDUCTED: {
    title: "got more back than was taken",
    help: "More was refunded of a deduction than it took.",
  },
  REFUND_WITHOUT_DEDUCTION: {
    title: "has a refund of no deduction",
    help: "A refund is of an entry that is no deduction of its SKU.",
  },
  STOCK_MISSING: {
    title: "has entries and is not on the books",
    help: "There are entries of a SKU whose row of the stock is not there.",
  },
  CHECKPOINT_MISMATCH: {
    title: "has a kept sum that is wrong",
    help: "A sum that is kept to save time is not what the entries up to it add up to.",
  },
  HASH_MISMATCH: {
    title: "has an entry that was changed",
    help: "The hash of an entry does not follow from what it says and from the entry before it.",
  },
  HASH_MISSING: {
    title: "has an entry without a hash",
    help: "If a server of an earlier version is still running, or was of late, stockflow migrate up puts it in.",
  },
  CHAIN_HEAD_MISMATCH: {
    title: "has another end of its chain",
    help: "The end of the chain on the books is not the hash of the newest entry.",
  },
} as const;
