import type { Texts } from "./texts.ts";

/** Simplified Chinese. */
export const chinese: Texts = {
  tag: "zh-Hans",
  group: "人机验证",
  human: "我是真人",
  loading: "请稍候…",
  checking: "正在验证…",
  verified: "验证成功",
  expired: "已过期，请重新勾选",
  timedOut: "已超时，请重新勾选",
  refused: "验证未通过，请重试",
  unavailable: "无响应，正在重试…",
  limited: "操作过于频繁，请稍候",
  misconfigured: "此页面的验证设置有误",
  unsupported: "浏览器版本过低",

  puzzleTitle: "将拼图移到缺口处",
  puzzleHint: "拖动滑块，或使用方向键后点击“确认”。",
  slider: "拼图位置",
  sliderKeys: "如果看不到图片，请选择下方的“我看不到图片”。",
  percent: (share) => `百分之${share}`,
  left: "向左微调",
  right: "向右微调",
  confirm: "确认",
  anotherPicture: "换一张图",
  noPicture: "我看不到图片",
  close: "关闭",
  wrongPlace: "位置不对，请再试一次",
  harder: "请再完成一步",

  workTitle: "无需图片",
  workHint: "改由您的设备完成计算，需要几秒钟。",
  confirmTitle: "请确认",
};
