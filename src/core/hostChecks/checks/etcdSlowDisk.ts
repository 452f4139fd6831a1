import { later, say } from '../../base/say';
import { defineHostCheck } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

/** What etcd asks of 99 of 100 writes, in milliseconds. */
const WANTED_MS = 10;

export const etcdSlowDisk = defineHostCheck({
  id: 'etcd-slow-disk',
  severity: 'warning',
  title: later`The disk is too slow for etcd`,
  rationale: `etcd answers a write when it is safely on the disks of a majority, and asks for less than 10 ms for that. On slower disks (SD cards, shared or remote storage) leaders change, and K3s ends with "leaderelection lost". The check writes 2300 bytes up to 200 times into a file of its own beside the data of K3s, and removes it. Only members of embedded etcd are measured.`,
  sources: [DOCUMENTS.requirements, DOCUMENTS.etcdDisks],
  judge: ({ disks }) =>
    [...(disks ?? [])].flatMap(([machine, { usual, slow }]) =>
      slow <= WANTED_MS
        ? []
        : [
            {
              machine,
              message: say`The disk of ${machine} takes ${milliseconds(slow)} for a write that is safe, and usually ${milliseconds(usual)}; etcd asks for less than ${WANTED_MS} ms`,
              nextSteps: [
                say`Put the data of K3s on an SSD of the machine (data-dir), or give etcd a disk of its own.`,
              ],
            },
          ],
    ),
});

function milliseconds(value: number): string {
  return say`${value < 9.95 ? value.toFixed(1) : Math.round(value)} ms`;
}
