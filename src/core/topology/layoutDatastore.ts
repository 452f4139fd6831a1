import { say } from '../base/say';
import { DATABASE_HEIGHT, GAP, MEMBER_HEIGHT, RING_HEIGHT, SIGNS, boxWidth, textWidth } from './metrics';
import type { Part, TopologyGraph } from './model';
import { addBand, centered, row, rowOf, type Sheet } from './sheet';
import { quorumOf } from '../cluster/roles';

/** How far the ring reaches beyond its members; under servers it ends where they end, if that is not too close. */
const RING_SIDE = 28;
const LEAST_RING_SIDE = 14;

/** The datastore band: etcd as a ring with its members on it, anything else as boxes; SQLite needs no band. */
export function placeDatastore(graph: TopologyGraph): { width: number; place(sheet: Sheet): void } {
  const members = graph.parts.filter((p) => p.kind === 'etcd-member');
  const databases = graph.parts.filter((p) => p.kind === 'database');
  if (members.length > 0) return ring(graph, members);
  const width =
    boxWidth(
      databases.flatMap((p) => [p.label, p.detail ?? '']),
      200,
      420,
    ) + SIGNS;
  const total = rowOf(databases.length, width, GAP);
  return {
    width: total,
    place: (sheet) => {
      if (databases.length === 0) return;
      const top = addBand(sheet, 'datastore', say`Datastore`, say`external`, DATABASE_HEIGHT);
      row(sheet, databases, centered(sheet, total), top, { width, height: DATABASE_HEIGHT }, GAP);
    },
  };
}

function ring(graph: TopologyGraph, members: readonly Part[]): { width: number; place(sheet: Sheet): void } {
  const embedded = members.every((m) => m.nodeId !== undefined);
  const width =
    boxWidth(
      members.map((m) => m.label),
      112,
      240,
    ) + (embedded ? 0 : SIGNS / 2);
  const needed = quorumOf(members.length);
  const spare = members.length - needed;
  const caption = say`${members.length} ${members.length === 1 ? 'member' : 'members'} · quorum ${needed} · ${spare === 0 ? say`none may fail` : say`${spare} may fail`}`;
  const least = textWidth(caption, 12) + 2 * RING_SIDE;
  const total = Math.max(rowOf(members.length, width, GAP) + 2 * RING_SIDE, least);
  return {
    width: total,
    place: (sheet) => {
      const top = addBand(
        sheet,
        'datastore',
        say`Datastore`,
        embedded ? say`embedded etcd` : say`external etcd`,
        MEMBER_HEIGHT / 2 + RING_HEIGHT,
      );
      const servers = graph.parts.filter((p) => p.kind === 'server');
      if (embedded) {
        // Each member under its server: the two fail together.
        for (const member of members) {
          const server = servers
            .map((s) => (s.nodeId === member.nodeId ? sheet.boxes[s.id] : undefined))
            .find((b) => b !== undefined);
          if (server !== undefined)
            sheet.boxes[member.id] = {
              x: server.x + Math.round((server.width - width) / 2),
              y: top,
              width,
              height: MEMBER_HEIGHT,
            };
        }
      } else {
        row(
          sheet,
          members,
          centered(sheet, rowOf(members.length, width, GAP)),
          top,
          { width, height: MEMBER_HEIGHT },
          GAP,
        );
      }
      const placed = members.flatMap((m) => sheet.boxes[m.id] ?? []);
      const above = embedded ? servers.flatMap((s) => sheet.boxes[s.id] ?? []) : [];
      const side = Math.min(
        RING_SIDE,
        ...above.map((b) => Math.max(LEAST_RING_SIDE, Math.round((b.width - width) / 2))),
      );
      // Servers that only use etcd hang on the ring too.
      const reach = above.map((b) => b.x + b.width / 2);
      const left = Math.min(...placed.map((b) => b.x), ...reach);
      const right = Math.max(...placed.map((b) => b.x + b.width), ...reach);
      const span = Math.max(right - left + 2 * side, least);
      const x = Math.round((left + right - span) / 2);
      sheet.ring = { x, y: top + MEMBER_HEIGHT / 2, width: span, height: RING_HEIGHT, caption };
    },
  };
}
