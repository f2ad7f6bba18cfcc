"""Words that lead the lists of leaked passwords, and what people at a clinic would think of first."""

COMMON = frozenset({
    "123456789012", "1234567890123", "1q2w3e4r5t6y", "qwerty", "qwertyuiop", "qwertyuiopasdf", "asdfghjklzxc", "qwertyuiopasdfghjkl",
    "password", "passwordpassword", "iloveyou", "welcome", "letmein", "admin", "administrator", "abcdefghijkl", "abcdefghijklm",
    "senha", "senhasenha", "senhasenhasenha", "senhasegura", "minhasenha", "mudar", "mudarsenha", "trocarsenha", "administrador",
    "teamo", "teamoteamo", "brasil", "flamengo", "corinthians", "palmeiras", "saopaulo", "clinica", "hospital", "consultorio",
    "presenca", "presença", "recepcao", "atendimento",
})
