package import ArtifactStore
import ContentAddress
import OCI
import Printable

extension BundleImport {
    /// Throws ``TransportError/missingBase(_:)`` for a delta that leaves out what a store doesn't have; nil is a store
    /// without anything in it.
    package func checkBase(in store: Store?) throws {
        try checkBase { absence in
            try store?.isWhole(absence.digest, size: absence.size) != true
        }
    }

    func checkBase(isMissing: (BundleDelta.Absence) throws -> Bool) throws {
        let missing = try absences.filter(isMissing)
        guard !missing.isEmpty else { return }
        throw TransportError.missingBase(MissingBase(bundle: bundle.name, since: delta?.since, missing: missing))
    }
}

/// What a delta leaves out and a store doesn't have.
package struct MissingBase: Hashable, Sendable {
    let bundle: String
    let since: BundleDelta.Point?
    let missing: [BundleDelta.Absence]

    private static let mostLines = 8

    var message: Message {
        let count = missing.count == 1 ? "a file or layer" : "\(missing.count) files and layers"
        var text: Message = "\(bundle, limit: 300) is a delta"
        if let since { text = text + " since event \(since.size) of the log '\(since.origin, limit: 300)'" }
        text = text + ": it leaves out \(message: count) that this store lacks, and nothing was imported"
        for absence in missing.prefix(Self.mostLines) {
            text =
                text
                + "\n  \(absence.digest.short)  \(ByteCount.text(absence.size))  of \(absence.part, limit: 300)"
        }
        if missing.count > Self.mostLines { text = text + "\n  and \(missing.count - Self.mostLines) more" }
        let part = missing.first?.part ?? ""
        return text
            + "\nImport the bundle that came before it, with \(part, limit: 300), or export again without --since."
    }
}
