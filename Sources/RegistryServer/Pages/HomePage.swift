import ArtifactStore
import OCI
import Printable
import Release

/// The first page: how much there is, and what happened last.
enum HomePage {
    static func page(_ store: Store, takesFiles: Bool) throws -> Page {
        let (names, files) = try store.releaseCounts()
        let images = try store.imageCount()
        let audited = try store.auditedImageCount()
        let places = try store.publishedPlaces().count
        let events = try store.latestEvents(limit: 12)
        let size = try store.lastEvent()
        let counts: [(Link, String, String)] = [
            (.releases, ByteCount.grouped(names), names == 1 ? "released name" : "released names"),
            (.releases, ByteCount.grouped(files), files == 1 ? "released file" : "released files"),
            (.images, ByteCount.grouped(images), images == 1 ? "image" : "images"),
            (.audits, ByteCount.grouped(audited), audited == 1 ? "audited image" : "audited images"),
            (.published, ByteCount.grouped(places), places == 1 ? "published place" : "published places"),
            (.log, ByteCount.grouped(size), size == 1 ? "log entry" : "log entries"),
        ]
        let cards: [HTML] = counts.map { "<li><a href=\"\($0.0)\"><b>\($0.1)</b><span>\($0.2)</span></a></li>" }
        let events_: HTML =
            events.isEmpty
            ? Parts.empty(
                "Nothing has happened yet.",
                command: "bindery put ./agent-linux-amd64 --name agent --version 1.0.0"
            )
            : EntryList.html(events.reversed())
        return Page(
            title: "Released binaries, and the images that hold them",
            body: """
                <ul class="counts">\(cards)</ul>
                <div class="columns">
                \(Parts.section("Latest changes", events_))
                \(Parts.section("What is this file?", IdentifyForm.html(takesFiles: takesFiles)))
                </div>
                """
        )
    }
}
