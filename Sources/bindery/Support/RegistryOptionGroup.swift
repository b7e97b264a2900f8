internal import ArgumentParser
internal import Foundation
internal import ImageTransport
internal import RegistryClient

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
        return RegistryImages(options)
    }
}
