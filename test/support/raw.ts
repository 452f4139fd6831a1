/** What must not stand raw in anything that is shown, said without the classes that the code uses: the line end and the tab may. */
// prettier-ignore
// eslint-disable-next-line no-control-regex, no-misleading-character-class
export const RAW = /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff]|[\u{e0000}-\u{e0fff}]|\p{Cs}/u;
