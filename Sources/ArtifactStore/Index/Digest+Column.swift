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

extension Set<Digest> {
    /// Those that a table may have in its column `digest`: where it has fewer rows than there are digests, these are read
    /// instead.
    func some(in table: String, _ db: Database) throws -> Set<Digest> {
        let statement = try db.cachedStatement(sql: "SELECT digest FROM \(table) LIMIT ?")
        let found = try Row.fetchAll(statement, arguments: [count]).map { try $0.digest("digest") }
        return found.count < count ? intersection(found) : self
    }
}
