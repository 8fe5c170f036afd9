/* One recording: loaded, laid out, and let go of again. */

import { h } from "../dom.js";
import { t } from "../texts.js";
import { api } from "./api.js";
import { sure } from "./dialogs.js";
import { createDesk } from "./desk.js";

/* The view of a song: { element, leave(), close() }. leave: whether it may be left, which it asks where something is not
   saved. */
export function openSong(id, languages) {
  const closed = new AbortController();
  const element = h("div", { class: "desk" }, h("header", { class: "top" }, home(), languages),
    h("p", { class: "loading", role: "status" }, t("Loading …")));
  let desk = null;

  const load = async (resume) => {
    try {
      const said = await api.song(id);
      if (closed.signal.aborted) return;
      if (!said.contents) throw new Error(t("This song has not been analysed yet."));
      desk?.close();
      desk = createDesk(id, said, { resume, reload: () => load(false) });
      document.title = `${said.song.title} – onpu`;
      element.replaceChildren(h("header", { class: "top" }, h("div", { class: "tray" }, home(), h("span", { class: "space" }), languages), desk.heading),
        desk.element);
    } catch (error) {
      if (!closed.signal.aborted) element.replaceChildren(h("header", { class: "top" }, home(), languages),
        h("p", { class: "loading", role: "alert" }, error.status === 0 ? t("onpu does not answer. Is `onpu serve` still running?") : error.message));
    }
  };
  window.addEventListener("beforeunload", (event) => desk?.dirty && event.preventDefault(), { signal: closed.signal });
  load(true);
  return {
    element,
    async leave() {
      if (!desk?.dirty) return true;
      const leaves = await sure(t("Leave without saving?"), t("Your corrections since the last version are not saved."), t("Leave"));
      if (leaves) desk.forget();
      return leaves;
    },
    close() {
      closed.abort();
      desk?.close();
    },
  };
}

const home = () => h("a", { class: "home", href: "#/" }, `← ${t("Library")}`);
