import ContentAddress
import Foundation
import GRDB

extension Row {
    /// A digest from its 32 raw bytes.
    func digest(_ column: String) throws -> Digest {
        let data: Data = self[column]
        return try Digest(bytes: data)
    }
}

extension Digest {
    /// The 32 raw bytes, as columns hold them.
    var column: Data { Data(bytes) }
}
