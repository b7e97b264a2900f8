import ContentAddress
package import OCI

extension Store {
    /// The trusted keys, by their names.
    package func trustedKeys() throws(StoreError) -> [TrustedKey] {
        try index.read { try TrustedKeyRows.all(in: $0) }
    }

    /// Trusts a public key from now on.
    ///
    /// Trusting it again for the same is a success that changes nothing, and gives false. Throws
    /// ``StoreError/keyIsTaken(name:identifier:)`` where the name is another key's, or the key is trusted for something
    /// else.
    package func trust(
        _ encoded: [UInt8],
        name: String,
        role: String,
        scope: [String],
        from: Timestamp?,
        until: Timestamp?
    ) throws(StoreError) -> (key: TrustedKey, isNew: Bool) {
        let key = TrustedKey(
            identifier: Digest.of(encoded),
            name: name,
            role: role,
            encoded: encoded,
            scope: scope.sorted(),
            validFrom: from,
            validUntil: until,
            trustedAt: now,
            trustedBy: options.actor
        )
        return try index.write { db in
            let all = try TrustedKeyRows.all(in: db)
            if let other = all.first(where: { $0.identifier == key.identifier || $0.name == key.name }) {
                guard other.isTrusted(as: key) else {
                    throw StoreError.keyIsTaken(name: other.name, identifier: other.identifier)
                }
                return (other, false)
            }
            try TrustedKeyRows.insert(key, in: db)
            var more: [String: JSONValue] = [
                "key": .string(name), "role": .string(role), "publicKey": .string(Hexadecimal.encode(encoded)),
                "scope": .array(key.scope.map { .string($0) }),
            ]
            if let from { more["from"] = .string(from.rfc3339) }
            if let until { more["until"] = .string(until.rfc3339) }
            try EventRows.append(
                .trust,
                digest: key.identifier,
                at: key.trustedAt,
                by: key.trustedBy,
                more: more,
                in: db
            )
            return (key, true)
        }
    }

    /// Ends the trust in a key, by its name or identifier, from now on or since an earlier time; of several, the earliest end
    /// stays.
    package func revokeKey(
        _ name: String,
        reason: String,
        since: Timestamp? = nil
    ) throws(StoreError) -> TrustedKey {
        let time = now
        return try index.write { db in
            let all = try TrustedKeyRows.all(in: db)
            guard let key = all.first(where: { $0.name == name || $0.identifier.description == name }) else {
                throw StoreError.notFound(
                    what: "a key named \(name)",
                    hint: "`bindery key list` lists the trusted keys."
                )
            }
            let end = min(since ?? time, time)
            if let former = key.revocation, former.at <= end { return key }
            try TrustedKeyRows.revoke(key.identifier, TrustedKey.Revocation(at: end, reason: reason), in: db)
            var more: [String: JSONValue] = ["key": .string(key.name), "reason": .string(reason)]
            if end < time { more["since"] = .string(end.rfc3339) }
            try EventRows.append(
                .distrust,
                digest: key.identifier,
                at: time,
                by: options.actor,
                more: more,
                in: db
            )
            return try TrustedKeyRows.all(in: db).first { $0.identifier == key.identifier } ?? key
        }
    }
}

extension TrustedKey {
    /// Whether it is trusted already for what another one is to be.
    fileprivate func isTrusted(as other: TrustedKey) -> Bool {
        identifier == other.identifier && name == other.name && role == other.role && scope == other.scope
            && validFrom == other.validFrom && validUntil == other.validUntil && revocation == nil
    }
}
