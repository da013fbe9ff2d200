package chat.parley.presence;

/** What a node is to this one. Immutable. */
enum Standing {
  /** In the cluster. */
  ALIVE,
  /** It was, a moment ago: its users may come back elsewhere. */
  LOST,
  /** Not in the cluster: what it said of its sessions is not shown. */
  GONE
}
