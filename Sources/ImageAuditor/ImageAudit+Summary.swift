import ImageFileSystem
import OCI
import Printable
package import Release

extension ImageAudit {
    /// The releases of all platforms, each once.
    package var releases: [ReleaseKey] {
        var seen: Set<ReleaseKey> = []
        return platforms.flatMap(\.releases).filter { seen.insert($0).inserted }
    }

    /// The finding that weighs most; nil where nothing but notes was found.
    package var worstFinding: Finding? {
        allFindings.first { $0.severity == .error } ?? allFindings.first { $0.severity == .warning }
    }
}

extension Finding {
    /// In one line: the code, the place and what was found.
    package var advice: String {
        let place = path.map { " " + printable($0.bytes) } ?? ""
        return "\(code.rawValue)\(place): \(printable(message))"
    }
}
