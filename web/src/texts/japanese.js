/* English text -> Japanese text. */

export const JAPANESE = {};
