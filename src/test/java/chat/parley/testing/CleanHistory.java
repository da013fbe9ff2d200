package chat.parley.testing;

import chat.parley.protocol.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes up a history in which every promise is kept: clients join, talk, break off, resume, leave, miss acks and repeat
 * themselves, rooms are renumbered. The same seed makes the same history. Confined to the test's thread.
 */
final class CleanHistory {
  private static final int STEPS = 400;

  private record Said(String user, String id) {}

  private static final class Room {
    final String name;
    final List<Said> log = new ArrayList<>();
    int epochs = 1;

    Room(String name) {
      this.name = name;
    }

    String epoch() {
      return "e" + epochs;
    }
  }

  private static final class Place {
    String epoch = "";
    int seq;
  }

  private record Pending(String ref, Room room, String id, int seq, boolean duplicate) {}

  private final class Client {
    final String user;
    final List<Entry> entries = new ArrayList<>();
    final Map<Room, Place> places = new HashMap<>();
    final List<Pending> pending = new ArrayList<>();
    boolean connected;

    Client(String user) {
      this.user = user;
      connect();
    }

    void connect() {
      connected = true;
      entries.add(new Entry.Connected(++clock, user, "s" + clock, "n"));
      places.forEach((room, place) -> join(room, place, new Position(place.epoch, place.seq)));
      for (var lost : List.copyOf(pending)) {
        pending.remove(lost);
        publish(lost.room, lost.id);
      }
    }

    void breakOff() {
      catchUpSome();
      connected = false;
      entries.add(new Entry.Ended(++clock, 1006));
    }

    void join(Room room, Place place, @Nullable Position since) {
      var head = room.log.size();
      var recovered = since != null && since.epoch().equals(room.epoch());
      entries.add(
          new Entry.Joined(++clock, room.name, room.epoch(), head, recovered, true, since, 0));
      place.seq = recovered ? place.seq : head;
      place.epoch = room.epoch();
    }

    void publish(Room room, String id) {
      var said = new Said(user, id);
      var duplicate = room.log.contains(said);
      var ref = "" + ++clock;
      entries.add(new Entry.Sent(++clock, ref, room.name, id, data(id), true));
      if (!duplicate) {
        room.log.add(said);
      }
      pending.add(new Pending(ref, room, id, room.log.indexOf(said) + 1, duplicate));
    }

    void hear(Room room, Place place, int upTo) {
      for (; place.seq < upTo; place.seq++) {
        var said = room.log.get(place.seq);
        entries.add(new Entry.Received(
            ++clock, room.name, room.epoch(), place.seq + 1L, said.id, said.user, data(said.id)));
      }
    }

    void catchUpSome() {
      places.forEach((room, place) ->
          hear(room, place, place.seq + random.nextInt(room.log.size() - place.seq + 1)));
    }

    void takeAcks() {
      for (var ack : pending) {
        entries.add(new Entry.Acked(
            ++clock, ack.ref, ack.room.name, ack.id, ack.room.epoch(), ack.seq, ack.duplicate));
      }
      pending.clear();
    }

    void toldOf(Room room, int common) {
      var place = places.get(room);
      if (connected && place != null) {
        entries.add(new Entry.Joined(
            ++clock, room.name, room.epoch(), room.log.size(), true, false, null, 0));
        place.epoch = room.epoch();
        place.seq = Math.min(place.seq, common);
      }
    }
  }

  private final Random random;
  private final List<Room> rooms = List.of(new Room("red"), new Room("blue"));
  private final List<Client> clients;
  private long clock;
  private int ids;

  CleanHistory(long seed) {
    random = new Random(seed);
    clients = List.of(new Client("ann"), new Client("bob"), new Client("carl"), new Client("dora"));
  }

  /** The journals, every member caught up. */
  List<Journal> journals() {
    for (var i = 0; i < STEPS; i++) {
      step(one(clients), one(rooms));
    }
    for (var client : clients) {
      if (!client.connected) {
        client.connect();
      }
      client.takeAcks();
    }
    clients.forEach(client ->
        client.places.forEach((room, place) -> client.hear(room, place, room.log.size())));
    return clients.stream()
        .map(client -> Journal.of(client.user, client.entries))
        .toList();
  }

  private void step(Client client, Room room) {
    if (!client.connected) {
      client.connect();
      return;
    }
    switch (random.nextInt(40)) {
      case 0, 1 -> client.breakOff();
      case 2 -> renumber(room);
      case 3 -> leave(client, room);
      case 4, 5, 6, 7 -> client.takeAcks();
      case 8, 9, 10, 11, 12, 13, 14, 15 -> client.catchUpSome();
      default -> speak(client, room);
    }
  }

  private void speak(Client client, Room room) {
    client.places.computeIfAbsent(room, r -> {
      var place = new Place();
      client.join(r, place, null);
      return place;
    });
    client.publish(room, "m" + ++ids);
  }

  private void leave(Client client, Room room) {
    if (client.places.remove(room) != null) {
      client.entries.add(new Entry.Left(++clock, room.name));
    }
  }

  /** All know the same log and have nothing under way when its numbering changes; what they repeat is theirs to drop. */
  private void renumber(Room room) {
    clients.forEach(client -> client.pending.removeIf(ack -> ack.room == room));
    room.epochs++;
    clients.forEach(client -> client.toldOf(room, random.nextInt(room.log.size() + 1)));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static String data(String id) {
    return "\"" + id + "\"";
  }
}
