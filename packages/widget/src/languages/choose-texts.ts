import { chinese } from "./chinese.ts";
import { english } from "./english.ts";
import type { Texts } from "./texts.ts";

/** A language is added here. The first of the list speaks where none fits. */
const LANGUAGES: readonly Texts[] = [english, chinese];

/**
 * The texts for the first of some language tags that there are any for, by the tag's language alone:
 * `zh-CN`, `zh_TW` and `zh` all have Chinese.
 */
export function chooseTexts(tags: readonly string[]): Texts {
  for (const tag of tags) {
    const texts = LANGUAGES.find((candidate) => languageOf(candidate.tag) === languageOf(tag));
    if (texts !== undefined) return texts;
  }
  return english;
}

function languageOf(tag: string): string {
  return tag.toLowerCase().split(/[-_]/, 1)[0] ?? "";
}
