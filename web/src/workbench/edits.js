/* The corrections of a song: steps { corrections } in the order in which they were made, undone and redone without end.

   Every change is sent to the server, which decides the rest anew; what it refuses is taken back. What is not saved is
   kept in the browser too, so that closing it loses nothing. */

import { api } from "./api.js";

const key = (id) => `onpu.draft.${id}`;

/* saved: the corrections of the version that is shown. decided(contents, corrections): is told what the server found.
   changed(): after every change, and when an answer comes; `busy` says whether one is waited for. */
export function createEdits(id, version, saved, { decided, changed, refused }) {
  let base = version;
  let states = [saved.map((each) => ({ corrections: [each] }))];
  let now = 0;
  let kept = states[0]; // what is saved
  let shown = states[0]; // what the page shows
  let asking = null;

  const flat = (state = states[now]) => state.flatMap(({ corrections }) => corrections);
  const store = () => {
    try {
      if (edits.dirty) localStorage.setItem(key(id), JSON.stringify({ base, steps: states[now] }));
      else localStorage.removeItem(key(id));
    } catch {
      // a browser without storage: the page asks before it is left
    }
  };
  const decide = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const wanted = states[now];
    store(); // before the answer, which may come when the page is closed
    changed();
    try {
      const { contents } = await api.decide(id, flat(wanted), mine.signal);
      if (mine !== asking) return;
      asking = null;
      shown = wanted;
      decided(contents, flat(wanted));
    } catch (error) {
      if (mine !== asking) return;
      asking = null;
      refused(error);
      if (error.status >= 400 && error.status < 500 && now > 0 && wanted !== shown) {
        states.length = now; // what was refused cannot be redone
        now -= 1;
        store();
        if (states[now] !== shown) return decide();
      }
    }
    changed();
  };
  const go = (state) => {
    states = [...states.slice(0, now + 1), state];
    now += 1;
    return decide();
  };

  const edits = {
    get steps() {
      return states[now];
    },
    get list() {
      return flat();
    },
    get version() {
      return base;
    },
    get dirty() {
      return states[now] !== kept;
    },
    get busy() {
      return asking !== null;
    },
    get canUndo() {
      return now > 0;
    },
    get canRedo() {
      return now + 1 < states.length;
    },
    add: (...corrections) => go([...states[now], { corrections }]),
    remove: (step) => go(states[now].filter((each) => each !== step)),
    undo() {
      if (now === 0) return;
      now -= 1;
      decide();
    },
    redo() {
      if (now + 1 >= states.length) return;
      now += 1;
      decide();
    },
    savedAs(number, steps) {
      base = number;
      kept = steps;
      store();
      changed();
    },
    /* What was left unsaved when the page was closed, taken up again; whether there was something. */
    resume() {
      try {
        const draft = JSON.parse(localStorage.getItem(key(id)));
        if (!draft || draft.base !== base || !Array.isArray(draft.steps)) return false;
        go(draft.steps);
        return true;
      } catch {
        return false;
      }
    },
    forget: () => localStorage.removeItem(key(id)),
  };
  return edits;
}
