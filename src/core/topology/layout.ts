import { say } from '../base/say';
import { zoneColumns } from './columns';
import { agentBlocks, planAgents } from './layoutAgents';
import { placeDatastore } from './layoutDatastore';
import { planServers, serverFrames } from './layoutServers';
import {
  BALANCER_HEIGHT,
  BAND_PAD,
  CHANNEL,
  CLIENTS_SIZE,
  GAP,
  GUTTER,
  HOST_HEIGHT,
  SIGNS,
  TITLE_WIDTH,
  boxWidth,
} from './metrics';
import type { Layout, TopologyGraph } from './model';
import { addBand, centered, row, rowOf, type Sheet } from './sheet';
import { REGISTRATION_LANE } from './routeAgents';
import { routeWires } from './wires';

/**
 * Places everything: clients, fixed address, servers by zone, datastore, agents by zone, each in a band of its own.
 * The same graph and the same expanded groups give the same picture.
 */
export function layoutGraph(graph: TopologyGraph, expanded: ReadonlySet<string>): Layout {
  const blocks = agentBlocks(graph, expanded);
  const frames = serverFrames(graph);
  const columns = zoneColumns(frames.widths, new Map(blocks.map(({ group, width }) => [group.zone, width])));
  const bands = [
    planBalancer(graph),
    planServers(graph, frames, columns),
    placeDatastore(graph),
    planAgents(graph, blocks, columns),
  ];
  const contentWidth = Math.max(CLIENTS_SIZE.width, 320, ...bands.map((b) => b.width));
  const sheet: Sheet = { boxes: {}, bands: [], frames: [], y: 0, contentWidth };
  placeClients(sheet, graph);
  for (const band of bands) band.place(sheet);
  const registrations = new Set(graph.edges.filter((e) => e.kind === 'registration').map((e) => e.to)).size;
  const width = contentWidth + TITLE_WIDTH + 2 * GUTTER + 2 * BAND_PAD;
  const height = sheet.y + (registrations === 0 ? BAND_PAD : CHANNEL + (registrations - 1) * REGISTRATION_LANE);
  const { wires, labels } = routeWires(graph, sheet, width);
  return {
    width,
    height,
    bands: sheet.bands,
    frames: sheet.frames,
    boxes: sheet.boxes,
    wires,
    labels,
    ...(sheet.ring === undefined ? {} : { ring: sheet.ring }),
  };
}

function placeClients(sheet: Sheet, graph: TopologyGraph): void {
  const part = graph.parts.find((p) => p.kind === 'clients');
  if (part === undefined) return;
  // Clients stand in the open: they are outside the cluster.
  sheet.boxes[part.id] = { x: centered(sheet, CLIENTS_SIZE.width), y: BAND_PAD, ...CLIENTS_SIZE };
  sheet.y = BAND_PAD + CLIENTS_SIZE.height;
}

function planBalancer(graph: TopologyGraph): { width: number; place(sheet: Sheet): void } {
  const entries = graph.parts.filter((p) => p.kind === 'load-balancer' || p.kind === 'address');
  const hosts = graph.parts.filter((p) => p.kind === 'balancer-host');
  const width =
    boxWidth(
      entries.flatMap((p) => [p.label, p.detail ?? '']),
      176,
      320,
    ) + SIGNS;
  const hostWidth =
    boxWidth(
      hosts.flatMap((p) => [p.label, p.detail ?? '']),
      112,
      220,
    ) +
    SIGNS / 2;
  const rowWidth = rowOf(entries.length, width, GAP);
  const hostsWidth = rowOf(hosts.length, hostWidth, 3 * GAP);
  return {
    width: Math.max(rowWidth, hostsWidth),
    place: (sheet) => {
      if (entries.length === 0) return;
      const height = BALANCER_HEIGHT + (hosts.length > 0 ? 36 + HOST_HEIGHT : 0);
      const top = addBand(sheet, 'balancer', say`Fixed address`, '', height);
      row(sheet, entries, centered(sheet, rowWidth), top, { width, height: BALANCER_HEIGHT }, GAP);
      row(
        sheet,
        hosts,
        centered(sheet, hostsWidth),
        top + BALANCER_HEIGHT + 36,
        { width: hostWidth, height: HOST_HEIGHT },
        3 * GAP,
      );
    },
  };
}
