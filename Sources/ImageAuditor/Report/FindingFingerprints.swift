import ContentAddress
import ImageFileSystem
import Printable

/// What tells a result from all others of a report, and stays from one version of an image to the next, so that code
/// scanning knows an alert again.
struct FindingFingerprints {
    private var counts: [String: Int] = [:]
    // Names that several images of the report have: there the tag tells them apart.
    private let shared: Set<String>

    /// The fingerprints of a report's findings.
    init(of audits: [ImageAudit]) {
        let names = Dictionary(grouping: Set(audits.map(\.reference)), by: Self.name)
        shared = Set(names.filter { $0.value.count > 1 }.keys)
    }

    /// The fingerprints of the next finding: image without tag and digest, where no other has its name, platform, code
    /// and path; where several have all of these, their number.
    ///
    /// `primaryLocationLineHash` is what GitHub compares.
    mutating func next(_ finding: Finding, in audit: ImageAudit) -> [String: String] {
        let path = finding.path.map { printable($0.bytes) } ?? ""
        let name = Self.name(audit.reference)
        let image = shared.contains(name) ? printable(audit.reference) : name
        let place = [image, finding.platform ?? "", finding.code.rawValue, path].joined(
            separator: " "
        )
        let count = counts[place, default: 0] + 1
        counts[place] = count
        let hash = Digest.of(Array("\(place) \(count)".utf8)).hex.prefix(16)
        return ["binderyFinding/v2": "\(place) \(count)", "primaryLocationLineHash": "\(hash):1"]
    }

    /// A reference without its tag and digest.
    static func name(_ reference: String) -> String {
        let name = reference.prefix { $0 != "@" }
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/"),
            name[..<colon].contains(where: { $0 != ":" })
        else { return printable(name) }
        // `oci:DIR` and `docker-daemon:NAME` have a colon of their own.
        return printable(ImageTransportNames.all.contains(String(name[..<colon])) ? name : name[..<colon])
    }
}

/// The transports whose names stand before a colon (containers-transports(5)).
private enum ImageTransportNames {
    static let all: Set = [
        "docker-archive", "docker-daemon", "docker-container", "oci", "oci-archive", "dir", "rootfs",
        "containers-storage",
    ]
}
