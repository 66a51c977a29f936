/** The places that the window does not open with, read together soon after it has: so they are smaller than one by one. */
export { AccessPlace } from "../places/access/AccessPlace";
export { BooksPlace } from "../places/books/BooksPlace";
export { DeadlinesPlace } from "../places/deadlines/DeadlinesPlace";
export { DraftPlace } from "../places/drafts/DraftPlace";
export { HistoryPlace } from "../places/history/HistoryPlace";
export { Lock } from "./Lock";
export { SettingsPlace } from "../places/settings/SettingsPlace";
