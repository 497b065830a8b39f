import type { findings as english } from "../en/audit-findings";
import type { Shape } from "../shape";

export const findings: Shape<typeof english> = {
  AMOUNT_MISMATCH: { title: "的库存量与流水不符", help: "账上的库存量不等于该 SKU 流水的合计。" },
  VERSION_MISMATCH: { title: "的版本与流水条数不符", help: "账上的版本不等于该 SKU 的流水条数。" },
  BALANCE_BREAK: {
    title: "有一条流水与前文不符",
    help: "一条流水记录的剩余量无法由前一条流水得出。",
  },
  ENTRY_MISSING: {
    title: "缺少流水",
    help: "序号有空缺，或过早结束。所列流水为空缺之后的一条。",
  },
  ENTRY_UNACCOUNTED: { title: "有多余的流水", help: "有流水的序号不在 1 到账上版本之间。" },
  ENTRY_OUT_OF_ORDER: { title: "的流水次序错乱", help: "流水编号的次序与序号相反。" },
  ENTRY_UNREADABLE: { title: "有一条无法读取的流水", help: "某一行含有服务器从不写入的内容。" },
  OPENING_MISPLACED: { title: "的期初位置不对", help: "第一条流水不是期初，或之后又有期初。" },
  MERCHANT_MISMATCH: { title: "有其他商户的流水", help: "一条流水的商户与其 SKU 的商户不同。" },
  REFUND_EXCEEDS_DEDUCTED: { title: "退回多于扣减", help: "一次扣减的退回数量超过了扣减数量。" },
  REFUND_WITHOUT_DEDUCTION: {
    title: "有一次没有扣减的退回",
    help: "退回所指的并不是该 SKU 的扣减。",
  },
  STOCK_MISSING: { title: "有流水但不在账上", help: "存在该 SKU 的流水，而库存表中没有这个 SKU。" },
  CHECKPOINT_MISMATCH: {
    title: "有错误的留存合计",
    help: "为节省时间而留存的合计，与其之前的流水不符。",
  },
  HASH_MISMATCH: {
    title: "有一条被改动的流水",
    help: "一条流水的哈希无法由其内容和前一条流水得出。",
  },
  HASH_MISSING: {
    title: "有一条没有哈希的流水",
    help: "如果旧版本的服务器仍在运行或不久前运行过，stockflow migrate up 会补上。",
  },
  CHAIN_HEAD_MISMATCH: { title: "的链末端不符", help: "账上的链末端不是最新流水的哈希。" },
};
