import ContentAddress
import FoundationEssentials
import HTTP
import NIOHTTP1
import OCI

extension BlobUpload {
    /// Tries to have the blob mounted from another repository (OCI distribution specification 1.1, "Mounting a blob
    /// from another repository").
    ///
    /// A short cut: whatever goes wrong, the blob is uploaded.
    func mount(from others: [RepositoryName]) -> Mount {
        var opened: Session?
        for other in others {
            let query = "?mount=\(descriptor.digest)&from=\(PercentEncoding.encode(other.text))"
            guard let answer = try? post(query, isRepeatable: false) else { break }
            switch answer.status {
            // Only what is there now was mounted.
            case 201: if (try? isThere()) == true { return .mounted }
            // It was not, but an upload was opened instead.
            case 202: opened = (try? session(in: answer)) ?? opened
            default: break
            }
        }
        return opened.map { .opened($0) } ?? .refused
    }

    enum Mount {
        case mounted
        case opened(Session)
        case refused
    }
}
