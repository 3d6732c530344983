"""Django's own commands, for developers; the same as `philoxenia web`."""

from philoxenia_web.config.management import main

if __name__ == "__main__":
    main()
