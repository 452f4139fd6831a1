import './theme.css';
import { registerControls } from './controls/toolkit';
import { connectHost } from './host';
import { createStore, restoreState } from './store';
import { startApp } from './app';

const root = document.getElementById('app');
if (root !== null) {
  const host = connectHost();
  // Asked for first: the editor works the snapshot out while the page is built. Its answer comes after this script.
  host.post({ type: 'ready', ...(host.restored === undefined ? {} : { state: host.restored }) });
  registerControls();
  const store = createStore(restoreState(host.restored));
  startApp(root, store, host);
  host.listen((message) => {
    if (message.type === 'highlight') {
      store.update({ highlighted: message.partId });
      return;
    }
    const { snapshot } = message;
    // Messages keep their order, but a reloaded shell starts to count again only with a new page.
    if (snapshot.revision <= (store.get().snapshot?.revision ?? -1)) return;
    store.update({ snapshot, file: snapshot.file, chosen: snapshot.chosen, expanded: snapshot.expanded });
  });
}
