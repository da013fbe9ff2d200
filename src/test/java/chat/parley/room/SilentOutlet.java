package chat.parley.room;

/** Nobody hears of anything. Immutable. */
record SilentOutlet() implements RoomLog.Outlet {
  @Override
  public boolean heard(String room, String[] audience) {
    return false;
  }

  @Override
  public void accepted(String room, String[] audience, RoomEvent.Messages messages) {}

  @Override
  public void signalled(String room, String[] audience, RoomEvent.Signals signals) {}

  @Override
  public void doubtful(String room, String[] audience) {}
}
