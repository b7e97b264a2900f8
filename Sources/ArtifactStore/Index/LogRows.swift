import ContentAddress
import Foundation
import GRDB
import TransparencyLog

/// The tables of the log: its leaves are the events, in their order.
enum LogRows {
    /// Levels between two that are stored; the hashes between are made again from the lower one.
    private static let height = Tile.height
    /// What C2SP's entry bundles can hold; the leaf of a longer event is what names its bytes.
    private static let longestLeaf = 65_535

    /// The bytes of an event's leaf: its body, or, of one that is too long, its digest and size.
    static func leaf(_ body: String) -> [UInt8] {
        let bytes = Array(body.utf8)
        guard bytes.count > longestLeaf else { return bytes }
        return CanonicalJSON.encode(
            .object(["digest": .string(Digest.of(bytes).description), "size": .int(Int64(bytes.count))])
        )
    }

    /// Adds the leaf of an event, in the transaction that adds the event.
    static func append(_ body: String, in db: Database) throws {
        var tree = try tree(in: db)
        let place = tree.size
        for (level, hash) in tree.append(MerkleHash.leaf(leaf(body))).enumerated() where level % height == 0 {
            try db.cachedStatement(sql: "INSERT INTO log_hash (level, position, hash) VALUES (?, ?, ?)")
                .execute(arguments: [level, place >> Int64(level), hash.column])
        }
        try db.cachedStatement(sql: "UPDATE log_tree SET size = ?, roots = ? WHERE id = 1")
            .execute(arguments: [tree.size, Data(tree.roots.flatMap(\.bytes))])
    }

    /// How many leaves it has.
    static func size(in db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT size FROM log_tree WHERE id = 1")
        return try Int64.fetchOne(statement) ?? 0
    }

    /// Whether there is a log: not yet while earlier migrations run.
    static func exists(in db: Database) throws -> Bool { try db.tableExists("log_tree") }

    /// Whether there is a tree: not in a store of an earlier schema that can only be read.
    static func isKept(in db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT 1 FROM log_tree WHERE id = 1") != nil
    }

    /// The tree as it stands.
    static func tree(in db: Database) throws -> Frontier {
        let statement = try db.cachedStatement(sql: "SELECT size, roots FROM log_tree WHERE id = 1")
        guard let row = try Row.fetchOne(statement) else {
            throw StoreError.notFound(
                what: "a log over the events",
                hint:
                    "An earlier version made the store: the next command that writes, such as `bindery init`, adds it."
            )
        }
        let roots: Data = row["roots"]
        let digests = try stride(from: 0, to: roots.count, by: Digest.byteCount).map { place in
            try Digest(bytes: roots.dropFirst(place).prefix(Digest.byteCount))
        }
        guard let tree = Frontier(size: row["size"], roots: digests) else {
            throw StoreError.index(
                path: "",
                failure: .damaged,
                reason: "the log's tree has another size than its roots"
            )
        }
        return tree
    }

    /// The log's name.
    static func origin(in db: Database) throws -> String {
        try String.fetchOne(db, sql: "SELECT origin FROM log_tree WHERE id = 1") ?? ""
    }

    /// Proofs by the stored hashes.
    static func prover(in db: Database) -> MerkleProver {
        MerkleProver { level, index in
            let stored = level / height * height
            let count = Int64(1) << Int64(level - stored)
            var hashes = try hashes(level: stored, from: index * count, count: count, in: db)
            while hashes.count > 1 {
                hashes = stride(from: 0, to: hashes.count, by: 2).map { MerkleHash.node(hashes[$0], hashes[$0 + 1]) }
            }
            return hashes[0]
        }
    }

    /// A stored hash; nil where it is missing.
    static func hash(level: Int, at position: Int64, in db: Database) throws -> Digest? {
        let statement = try db.cachedStatement(sql: "SELECT hash FROM log_hash WHERE level = ? AND position = ?")
        return try Row.fetchOne(statement, arguments: [level, position])?.digest("hash")
    }

    /// Stored hashes of a level, in their order; throws where one is missing.
    static func hashes(level: Int, from position: Int64, count: Int64, in db: Database) throws -> [Digest] {
        let statement = try db.cachedStatement(
            sql: "SELECT hash FROM log_hash WHERE level = ? AND position >= ? AND position < ? ORDER BY position"
        )
        let rows = try Row.fetchAll(statement, arguments: [level, position, position + count])
        guard Int64(rows.count) == count else {
            throw StoreError.index(
                path: "",
                failure: .damaged,
                reason: "the log lacks hashes of level \(level) from \(position) on"
            )
        }
        return try rows.map { try $0.digest("hash") }
    }

    /// Eight hexadecimal digits.
    static func word(_ number: UInt32) -> String {
        Hexadecimal.encode(withUnsafeBytes(of: number.bigEndian) { Array($0) })
    }
}
