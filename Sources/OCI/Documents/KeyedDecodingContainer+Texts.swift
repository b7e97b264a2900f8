extension KeyedDecodingContainer {
    /// Texts by name; null for one is an empty text, as Go's decoder reads it.
    func texts(_ key: Key) throws -> [String: String]? {
        try decodeIfPresent([String: String?].self, forKey: key)?.mapValues { $0 ?? "" }
    }
}
