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
    static let releases = CompletionKind.custom { words, _, prefix in
        offer(words, prefix) { try releases(in: $0) }
    }

    /// The store's images.
    static let images = CompletionKind.custom { words, _, prefix in
        offer(words, prefix) { try images(in: $0) }
    }

    /// The store's releases and images.
    static let releasesAndImages = CompletionKind.custom { words, _, prefix in
        offer(words, prefix) { try releases(in: $0) + images(in: $0) }
    }

    /// The store's images, and the transports that images are read by.
    static let sources = CompletionKind.custom { words, _, prefix in
        offer(words, prefix) { try images(in: $0) } + filter(sourceTransports, prefix)
    }

    /// The transports that images are written by.
    static let destinations = CompletionKind.custom { _, _, prefix in filter(destinationTransports, prefix) }

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

    private static func offer(
        _ words: [String],
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
        return filter(found, prefix)
    }

    private static func filter(_ texts: [String], _ word: String) -> [String] {
        // Of `--base=app`, fish gives the whole word, and the other shells the value.
        let prefix = word.hasPrefix("--") ? word.drop { $0 != "=" }.dropFirst() : word[...]
        let fitting = texts.lazy.filter { $0.hasPrefix(prefix) && !$0.contains { $0.isWhitespace } }.prefix(most)
        // To zsh a colon is where a description begins.
        let isZsh = CompletionShell.requesting == .zsh
        return fitting.map { isZsh ? printable($0).replacing(":", with: "\\:") : printable($0) }
    }

    private static func releases(in store: Store) throws -> [String] {
        try store.releasePage(limit: .max).releases.map { "\($0.key)" }
    }

    private static func images(in store: Store) throws -> [String] {
        try store.images().flatMap(\.references)
    }
}
