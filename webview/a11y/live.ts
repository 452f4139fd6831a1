import { say } from '../../src/core/base/say';
import type { TopologySnapshot } from '../../src/contract/messages';
import { modeWord } from '../drawing/describe';

/** What changed between two snapshots, for ears: failures and their consequence, the run, nodes that turned bad or good. */
export function announcement(before: TopologySnapshot | undefined, now: TopologySnapshot): string {
  if (before === undefined) return say`${now.title}, ${modeWord(now.head.mode)}. ${now.head.words}`;
  const news: string[] = [];
  if (before.chosen.join() !== now.chosen.join()) {
    const names = now.chosen.map((id) => now.graph.parts.find((p) => p.id === id)?.label ?? id);
    news.push(names.length === 0 ? say`Back to ${modeWord(now.head.mode)}.` : say`What if down: ${names.join(', ')}.`);
  }
  if (before.head.warning !== now.head.warning && now.head.warning !== '') news.push(now.head.warning);
  if (before.head.words !== now.head.words) news.push(now.head.words);
  if (before.run.phase !== now.run.phase) news.push(now.run.words);
  for (const part of now.graph.parts) {
    const old = before.status[part.id]?.state;
    const status = now.status[part.id];
    if (
      part.kind === 'server' &&
      status !== undefined &&
      status.state !== old &&
      ['ready', 'not-ready', 'failed'].includes(status.state)
    ) {
      news.push(say`${part.label}: ${status.words}.`);
    }
  }
  return news.join(' ');
}
