import ContentAddress
import ImageFileSystem
import Printable

/// What tells a result from all others of a report, and stays from one version of an image to the next, so that code
/// scanning knows an alert again.
struct FindingFingerprints {
    private var counts: [String: Int] = [:]

    /// The fingerprints of the next finding: image without tag and digest, platform, code and path; where several have all of
    /// these, their number.
    ///
    /// `primaryLocationLineHash` is what GitHub compares.
    mutating func next(_ finding: Finding, in audit: ImageAudit) -> [String: String] {
        let path = finding.path.map { printable($0.bytes) } ?? ""
        let place = [Self.name(audit.reference), finding.platform ?? "", finding.code.rawValue, path].joined(
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
