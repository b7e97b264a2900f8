import ArgumentParser
import ArtifactStore
import Foundation
import ImageAuditor
import Printable
import Release

/// What shells offer for arguments and values, by a hidden call of the program.
///
/// Nothing is written, and nothing fails: a store that can't be read has nothing to offer.
enum Completions {
    /// At most so many: a shell asks before it shows more.
    private static let most = 200

    /// `name@version` of the store's releases.
    static let releases = CompletionKind.custom { words, index, prefix in
        offer(words, index, prefix) { try releases(in: $0) }
    }

    /// The store's images.
    static let images = CompletionKind.custom { words, index, prefix in
        offer(words, index, prefix) { try images(in: $0) }
    }

    /// The store's releases and images.
    static let releasesAndImages = CompletionKind.custom { words, index, prefix in
        offer(words, index, prefix) { try releases(in: $0) + images(in: $0) }
    }

    /// The store's images, and the transports that images are read by.
    static let sources = CompletionKind.custom { words, index, prefix in
        offer(words, index, prefix) { try images(in: $0) } + filter(sourceTransports, Typed(words, index, prefix))
    }

    /// The transports that images are written by.
    static let destinations = CompletionKind.list(destinationTransports)

    /// The codes of findings.
    static let findings = CompletionKind.list(FindingCode.allCases.map(\.rawValue))

    /// The usual platforms.
    static let platforms = CompletionKind.list([
        "linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/riscv64",
        "linux/s390x", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64", "any",
    ])

    private static let destinationTransports = [
        "docker://", "docker-archive:", "docker-daemon:", "oci:", "oci-archive:",
    ]
    private static let sourceTransports = destinationTransports + ["containers-storage:", "dir:", "rootfs:"]

    /// What was typed of a word, and how much of it the shell keeps by itself.
    struct Typed {
        let text: String
        /// How many characters at the front aren't part of what the shell replaces.
        let kept: Int

        /// Bash takes `:`, `@` and `=` for words of their own, and replaces only what stands behind the last of them.
        init(_ words: [String], _ index: Int, _ prefix: String) {
            guard CompletionShell.requesting == .bash, words.indices.contains(index) else {
                (text, kept) = (prefix, 0)
                return
            }
            let breaks: Set = [":", "@", "=", "://"]
            var parts = [breaks.contains(words[index]) ? words[index] : prefix]
            var place = index
            while place > 0, breaks.contains(words[place]) || breaks.contains(words[place - 1]) {
                place -= 1
                parts.insert(words[place], at: 0)
            }
            let word = parts.joined()
            text = word
            let last = word.lastIndex { ":@=".contains($0) }
            kept = last.map { word.distance(from: word.startIndex, to: $0) + 1 } ?? 0
        }
    }

    private static func offer(
        _ words: [String],
        _ index: Int,
        _ prefix: String,
        _ list: (Store) throws -> [String]
    ) -> [String] {
        var path: String?
        for (word, next) in zip(words, words.dropFirst() + [""]) {
            if word == "--store" { path = next }
            if word.hasPrefix("--store=") { path = String(word.dropFirst("--store=".count)) }
        }
        let place = StoreOptionGroup.path(store: path, environment: ProcessInfo.processInfo.environment)
        guard let store = try? StoreOptionGroup().openForReading(at: place),
            let found = try? list(store)
        else { return [] }
        return filter(found, Typed(words, index, prefix))
    }

    private static func filter(_ texts: [String], _ typed: Typed) -> [String] {
        let fitting = texts.lazy.filter { $0.hasPrefix(typed.text) && !$0.contains { $0.isWhitespace } }.prefix(most)
        return fitting.map { printable(String($0.dropFirst(typed.kept))) }
    }

    private static func releases(in store: Store) throws -> [String] {
        try store.releasePage(limit: .max).releases.map { "\($0.key)" }
    }

    private static func images(in store: Store) throws -> [String] {
        try store.images().flatMap(\.references)
    }
}
