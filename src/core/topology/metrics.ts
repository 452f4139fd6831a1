/** Sizes of the picture in px at 100 %; the view draws with the same numbers. */
export const GUTTER = 56;
/** Distance of the two outer trunks from the picture's edge. */
export const TRUNK = 20;
export const BAND_PAD = 16;
/** Column at a band's left end that holds its title. */
export const TITLE_WIDTH = 128;
export const FRAME_PAD = 12;
export const FRAME_TITLE = 32;
export const GAP = 20;
/** Where zones have titles: how far from a server's right side the line from above enters. */
export const ENTRY = 44;
/** Room between two bands for a horizontal bus and its label. */
export const CHANNEL = 56;

export const CLIENTS_SIZE = { width: 180, height: 48 } as const;
export const BALANCER_HEIGHT = 64;
export const HOST_HEIGHT = 48;
export const SERVER_HEIGHT = 80;
export const MEMBER_HEIGHT = 36;
export const RING_HEIGHT = 78;
export const DATABASE_HEIGHT = 72;
export const SQLITE_HEIGHT = 40;
export const AGENT_HEIGHT = 72;
export const GROUP_SIZE = { width: 248, height: 80 } as const;
export const GROUP_HEADER_HEIGHT = 30;
export const TILE_HEIGHT = 30;
export const TILE_GAP = 6;
export const NETWORK_SIZE = 22;

/** Zones share columns as long as all columns together are not wider than this. */
export const ALIGNED_WIDTH = 1240;

/** Agents of a zone up to this number are drawn one by one. */
export const COLLAPSE_ABOVE = 6;

/** Width of `text` in the interface font, on the generous side: fonts differ from machine to machine. */
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const character of text) units += character.codePointAt(0)! > 0x2e80 ? 1 : 0.58;
  return Math.ceil(units * size);
}

/** Room for the signs in a box's upper right corner. */
export const SIGNS = 64;

/** Common width of boxes that hold `texts` beside an icon. */
export function boxWidth(texts: readonly string[], least: number, most: number): number {
  const widest = Math.max(0, ...texts.map((text) => textWidth(text, 13)));
  return Math.min(most, Math.max(least, Math.ceil((widest + 56) / 4) * 4));
}
