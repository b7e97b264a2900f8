package import ArtifactStore
import ContentAddress
import Release
import SystemIO

extension PutRequest {
    /// The requests without those that would put the bytes of an earlier one under its key: the archives of a release have
    /// the same LICENSE, and the programs that GoReleaser lists beside them.
    ///
    /// Files of one key and of other bytes stay, for the store to refuse.
    package static func distinct(_ requests: [PutRequest]) throws -> [PutRequest] {
        var digests: [ArtifactKey: [(path: String, digest: Digest?)]] = [:]
        return try requests.filter { request in
            guard case .path(let path) = request.source else { return true }
            let key = try request.preview().key
            guard var known = digests[key] else {
                digests[key] = [(path, nil)]
                return true
            }
            // Only what has another's key is read for it.
            for place in known.indices where known[place].digest == nil {
                known[place].digest = try File.open(known[place].path).digest()
            }
            let digest = try File.open(path).digest()
            let isNew = !known.contains { $0.digest == digest }
            if isNew { known.append((path, digest)) }
            digests[key] = known
            return isNew
        }
    }
}
