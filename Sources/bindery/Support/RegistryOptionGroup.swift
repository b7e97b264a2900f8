internal import ArgumentParser
internal import CBuildVersion
internal import Foundation
internal import ImageTransport
internal import RegistryClient
internal import Synchronization

/// How registries are talked to, for each command that takes `docker://`.
struct RegistryOptionGroup: ParsableArguments {
    @Option(
        help: ArgumentHelp("Trust the certificate authorities in this PEM file, too (docker://).", valueName: "file"),
        completion: .file()
    )
    var tlsCa: String?

    @Flag(help: "Take any certificate, and plain HTTP where there is none (docker://); loopback needs no leave.")
    var insecure = false

    /// The way to registries.
    var access: any RegistryAccess {
        var options = RegistryOptions(environment: ProcessInfo.processInfo.environment)
        options.certificateAuthorities = tlsCa
        options.isInsecure = insecure
        options.userAgent = "bindery/\(String(cString: build_version()))"
        options.warn = Warnings.say
        return RegistryImages(options)
    }
}

/// What was said once isn't said again: a command may open many images of one registry.
private enum Warnings {
    private static let said = Mutex<Set<String>>([])

    @Sendable static func say(_ text: String) {
        guard said.withLock({ $0.insert(text).inserted }) else { return }
        Output.note("bindery: warning: \(text)")
    }
}
