package import ArtifactStore
import ContentAddress
import OCI
package import Printable

extension BundleImport {
    /// Throws ``TransportError/missingBase(_:)`` for a delta that leaves out what a store doesn't have; nil is a store
    /// without anything in it.
    package func checkBase(in store: Store?) throws {
        try checkBase { absence in
            try store?.isWhole(absence.digest, size: absence.size) != true
        }
    }

    func checkBase(isMissing: (BundleDelta.Absence) throws -> Bool) throws {
        let missing = try absences.filter(isMissing).map { absence in
            MissingBase.Content(digest: absence.digest, size: absence.size, part: absence.part)
        }
        guard !missing.isEmpty else { return }
        let base = MissingBase(bundle: bundle.name, start: delta?.since?.message.text, missing: missing)
        throw TransportError.missingBase(base)
    }
}

extension BundleDelta.Point {
    /// For people: the event and the log.
    package var message: Message { "event \(size) of the log '\(origin, limit: 300)'" }
}
