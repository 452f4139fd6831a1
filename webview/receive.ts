import type { StatusChange, ToWebview, TopologySnapshot } from '../src/contract/messages';
import { viewStateOf, type Store } from './store';
import type { Host } from './host';

/** Takes messages of the editor into the store. They keep their order, but a reloaded shell starts to count again only with a new page. */
export function receiveInto(store: Store, host: Host): (message: ToWebview) => void {
  const isNew = (revision: number): boolean => revision > (store.get().snapshot?.revision ?? -1);
  return (message) => {
    switch (message.type) {
      case 'highlight':
        return store.update({ highlighted: message.partId });
      case 'snapshot': {
        const { snapshot } = message;
        if (!isNew(snapshot.revision)) return;
        return store.update({
          snapshot,
          file: snapshot.file,
          chosen: snapshot.chosen,
          expanded: snapshot.expanded,
        });
      }
      case 'status': {
        const { snapshot } = store.get();
        // Before the first snapshot one is on its way.
        if (snapshot === undefined || !isNew(message.change.revision)) return;
        if (message.change.after === snapshot.revision)
          return store.update({ snapshot: changed(snapshot, message.change) });
        return host.post({ type: 'ready', state: viewStateOf(store.get()) });
      }
    }
  };
}

function changed(
  { simulation: _ended, ...before }: TopologySnapshot,
  { after: _after, status, without, outlook, ...rest }: StatusChange,
): TopologySnapshot {
  const now = { ...before.status, ...status };
  for (const id of without) delete now[id];
  return { ...before, ...rest, ...outlook, status: now };
}
