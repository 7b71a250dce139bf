/** GeeTest names languages by ISO 639-3, some with a region: `zho-tw`. */
const LANGUAGES: { readonly [name: string]: string } = { zho: "zh", eng: "en" };

/** The language tag of a name in GeeTest's `language`; `auto` where there is none. */
export function languageTagOf(name: unknown): string {
  if (typeof name !== "string") return "auto";
  const [language = ""] = name.toLowerCase().split("-", 1);
  return LANGUAGES[language] ?? name;
}
