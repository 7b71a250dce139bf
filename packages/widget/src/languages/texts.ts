/** Everything a widget says, in one language. Labels are short: the smallest box is 150 pixels wide. */
export interface Texts {
  /** Of the language, for `lang` attributes (BCP 47). */
  readonly tag: string;
  /** Name of the widget as a whole. */
  readonly group: string;
  readonly human: string;
  readonly loading: string;
  readonly checking: string;
  readonly verified: string;
  readonly expired: string;
  readonly timedOut: string;
  readonly refused: string;
  readonly unavailable: string;
  readonly limited: string;
  /** The site's owner has to mend something. */
  readonly misconfigured: string;
  readonly unsupported: string;

  readonly puzzleTitle: string;
  readonly puzzleHint: string;
  /** Of the slider; its value is the distance from the left in percent. */
  readonly slider: string;
  readonly sliderKeys: string;
  readonly percent: (share: number) => string;
  readonly left: string;
  readonly right: string;
  readonly confirm: string;
  readonly anotherPicture: string;
  readonly noPicture: string;
  readonly close: string;
  readonly wrongPlace: string;
  readonly harder: string;

  readonly workTitle: string;
  readonly workHint: string;
  readonly confirmTitle: string;
}
