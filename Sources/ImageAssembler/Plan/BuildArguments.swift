package import OCI

/// Values for `ARG`: for all platforms, and for one.
package struct BuildArguments: Sendable, ExpressibleByDictionaryLiteral {
    private var common: [String: String] = [:]
    private var own: [Platform: [String: String]] = [:]

    /// No values, or some for all platforms.
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { common[name] = value }
    }

    /// Sets a value; without a platform it is for all that have none of their own.
    package mutating func set(_ name: String, to value: String, for platform: Platform? = nil) {
        guard let platform else {
            common[name] = value
            return
        }
        own[platform, default: [:]][name] = value
    }

    /// The values that a platform's build gets.
    func values(for platform: Platform) -> [String: String] {
        common.merging(own[platform] ?? [:]) { $1 }
    }

    /// Whether there is a value of a name, for any platform.
    package func has(_ name: String) -> Bool { names.contains(name) }

    /// The values that are the same for some platforms.
    package func common(to platforms: [Platform]) -> [String: String] {
        guard let first = platforms.first.map({ values(for: $0) }) else { return common }
        return first.filter { name, value in platforms.allSatisfy { values(for: $0)[name] == value } }
    }

    /// The names whose values differ between platforms, in order.
    package func differing(between platforms: [Platform]) -> [String] {
        let shared = common(to: platforms)
        return Set(platforms.flatMap { values(for: $0).keys }).filter { shared[$0] == nil }.sorted()
    }

    /// The names of all values.
    var names: Set<String> { own.values.reduce(into: Set(common.keys)) { $0.formUnion($1.keys) } }
}
