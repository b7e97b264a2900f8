import ArtifactStore
import ContentAddress
import OCI
import Printable
import Release

/// The places that releases and images were published to, and what the last look at each found.
enum PublishedPage {
    static func page(_ store: Store) throws -> Page {
        var table = Table(
            "Published places",
            ["What": "main", "Place": "", "State": "", "Read": "tight", "Published": "tight", "By": "", "Digest": ""]
        )
        for place in try store.publishedPlaces() {
            table.add(
                subject(place),
                "\(place.place)",
                state(place.lastCheck?.state),
                Parts.time(place.lastCheck?.at),
                Parts.time(place.publishedAt),
                "\(place.publishedBy)",
                Parts.short(place.digest, .digest(place.digest))
            )
        }
        let none = Parts.empty(
            "Nothing was published from this store yet:",
            command: "bindery publish agent@1.0.0 --to docker://registry.example/releases/agent"
        )
        return Page(
            title: "Published places",
            lead: "The watch command reads each place again, and tells drift from outage.",
            body: table.isEmpty ? none : table.html
        )
    }

    private static func subject(_ place: PublishedPlace) -> HTML {
        if let release = try? ReleaseKey(parsing: place.subject) { return Parts.releaseLink(release) }
        return "<a href=\"\(Link.image(place.digest))\">\(place.subject)</a>"
    }

    private static func state(_ state: PublishedPlace.State?) -> HTML {
        switch state {
        case .same: "<span class=\"verdict good\">same</span>"
        case .drift: "<span class=\"verdict bad\">drift</span>"
        case .outage: "<span class=\"verdict doubt\">outage</span>"
        case nil: "<span class=\"verdict none\">not read yet</span>"
        }
    }
}
