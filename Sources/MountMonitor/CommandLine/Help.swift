/// What the program says of itself.
enum Help {
    static var text: String {
        """
        mount-monitor: watches mounts, answers Kubernetes probes, restarts the pod when a mount stays dead
        Version: \(ProgramVersion.text)

        Usage: mount-monitor [flags]

          -c, --config FILE         configuration in JSON (default: ./config.json, if there is one)
              --http-port PORT      where probes are answered (default: 8080)
              --log-level LEVEL     debug, info, warn or error (default: info)
              --log-format FORMAT   json or text (default: json)
              --init-container-mode check each mount once and exit: 0 if all are healthy, else 1
              --check-config        say whether the configuration is valid and exit: 0 if it is, else 1
              --strict-config       an unknown key in the configuration is an error, not a warning
              --probe live|ready    ask the one that runs here and exit: 0 if it says yes, else 1
              --version             print the version
          -h, --help                print this

        Flags win over the file, the file over the defaults.

        Probes: /healthz/live /healthz/ready /healthz/status; also /version and /metrics
        Signals: SIGTERM and SIGINT stop it in order, SIGHUP reads the configuration again, as does a change of its file.

        Examples:
          mount-monitor --config /etc/mount-monitor/config.json
          mount-monitor -c config.json --init-container-mode --log-format text

        """
    }
}
