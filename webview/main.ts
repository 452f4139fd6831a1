import './theme.css';
import { registerControls } from './controls/toolkit';
import { connectHost } from './host';
import { createStore, restoreState } from './store';
import { startApp } from './app';
import { receiveInto } from './receive';

const root = document.getElementById('app');
if (root !== null) {
  const host = connectHost();
  // Asked for first: the editor works the snapshot out while the page is built. Its answer comes after this script.
  host.post({ type: 'ready', ...(host.restored === undefined ? {} : { state: host.restored }) });
  registerControls();
  const store = createStore(restoreState(host.restored));
  startApp(root, store, host);
  host.listen(receiveInto(store, host));
}
