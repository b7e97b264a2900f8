import ContentAddress
import OCI
import Release

/// Releases on the left, images on the right, and a line between those that belong together.
struct HolderGraph {
    private var releases: [ReleaseKey] = []
    private var images: [Holders.Image] = []
    private var places: [Digest: Int] = [:]
    private var edges: [(release: Int, image: Int)] = []
    private var left = 0

    private static let mostImages = 40
    private static let (width, row, box, boxHeight) = (960, 46, 330, 36)

    mutating func add(_ release: ReleaseKey, _ holders: [Holders.Image]) {
        let place = releases.count
        releases.append(release)
        for image in holders {
            if let known = places[image.digest] {
                edges.append((place, known))
            } else if images.count < Self.mostImages {
                places[image.digest] = images.count
                edges.append((place, images.count))
                images.append(image)
            } else {
                left += 1
            }
        }
    }

    var html: HTML {
        guard !images.isEmpty else {
            return Parts.empty("No known image holds any of these releases:", command: "bindery audit IMAGE")
        }
        let height = max(releases.count, images.count) * Self.row + 10
        let right = Self.width - Self.box
        let lines: [HTML] = edges.map { edge in
            let (from, to) = (middle(edge.release, of: releases.count), middle(edge.image, of: images.count))
            let centre = Self.width / 2
            return
                "<path class=\"edge\" d=\"M\(Self.box) \(from)C\(centre) \(from) \(centre) \(to) \(right) \(to)\"/>\n"
        }
        let sources: [HTML] = releases.enumerated().map { place, release in
            node(.release(release), x: 0, middle(place, of: releases.count), release.version.text, release.name.text)
        }
        let targets: [HTML] = images.enumerated().map { place, image in
            node(
                .image(image.digest),
                x: right,
                middle(place, of: images.count),
                image.references.first ?? image.digest.short,
                image.verdict.map { $0 ?? "damaged" } ?? "not audited"
            )
        }
        let rest: HTML? =
            left > 0
            ? "<figcaption>\(Parts.count(left, "more image isn't", "more images aren't")) shown.</figcaption>" : nil
        return """
            <figure class="scroll"><svg class="graph" viewBox="0 0 \(Self.width) \(height)" role="group" \
            aria-label="Releases and the images that hold them">
            \(lines)\(sources)\(targets)</svg>\(rest)</figure>\(list)
            """
    }

    /// The same as a table, for who doesn't see the lines.
    private var list: HTML {
        var table = Table("Releases and the images that hold them", ["Release": "main", "Images": "wide"])
        for (place, release) in releases.enumerated() {
            let held = edges.filter { $0.release == place }.map { images[$0.image] }
            let links: [HTML] = held.map { image in
                "<a href=\"\(Link.image(image.digest))\">\(image.references.first ?? image.digest.short)</a>"
            }
            table.add(Parts.releaseLink(release), links.isEmpty ? "none" : links.joined(", "))
        }
        return "<details><summary>As a table</summary>\(table.html)</details>"
    }

    private func middle(_ place: Int, of count: Int) -> Int {
        // The shorter side stands in the middle of the longer one.
        let longest = max(releases.count, images.count)
        return 5 + (longest - count) * Self.row / 2 + place * Self.row + Self.row / 2
    }

    private func node(_ link: Link, x: Int, _ middle: Int, _ title: String, _ sub: String) -> HTML {
        """
        <a class="node" href="\(link)"><title>\(title)</title><rect x="\(x)" y="\(middle - Self.boxHeight / 2)" \
        width="\(Self.box)" height="\(Self.boxHeight)" rx="6"/>\
        <text x="\(x + 12)" y="\(middle - 2)">\(Self.cut(title))</text>\
        <text class="sub" x="\(x + 12)" y="\(middle + 13)">\(Self.cut(sub))</text></a>

        """
    }

    private static func cut(_ text: String) -> String { text.count > 46 ? text.prefix(45) + "…" : text }
}
