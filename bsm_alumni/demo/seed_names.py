"""Names, agencies and titles from which made-up people and events are put together. None is a real person's."""

# Given name and whether it is mostly a woman's (W), a man's (M) or either's (-).
GIVEN = (
    ("Amina", "W"), ("Fatou", "W"), ("Mariam", "W"), ("Awa", "W"), ("Zainab", "W"), ("Leila", "W"), ("Nadia", "W"),
    ("Elena", "W"), ("Olga", "W"), ("Irina", "W"), ("Ana", "W"), ("Lucía", "W"), ("Sofía", "W"), ("Inés", "W"),
    ("Mei", "W"), ("Linh", "W"), ("Siti", "W"), ("Priya", "W"), ("Anjali", "W"), ("Chloé", "W"), ("Grace", "W"),
    ("Wanjiru", "W"), ("Selam", "W"), ("Ayşe", "W"), ("Dilnoza", "W"), ("Aigul", "W"), ("Maja", "W"), ("Rosa", "W"),
    ("Moussa", "M"), ("Ibrahim", "M"), ("Ousmane", "M"), ("Karim", "M"), ("Youssef", "M"), ("Hassan", "M"),
    ("Omar", "M"), ("Dmitri", "M"), ("Sergei", "M"), ("Nikola", "M"), ("José", "M"), ("Diego", "M"), ("Andrés", "M"),
    ("João", "M"), ("Wei", "M"), ("Minh", "M"), ("Budi", "M"), ("Arjun", "M"), ("Ravi", "M"), ("Jean", "M"),
    ("Kwame", "M"), ("Kofi", "M"), ("Otieno", "M"), ("Dawit", "M"), ("Mehmet", "M"), ("Bekzod", "M"), ("Nurlan", "M"),
    ("Tomáš", "M"), ("Peter", "M"), ("Sam", "-"), ("Alex", "-"), ("Noor", "-"), ("Kai", "-"), ("Jo", "-"),
)  # fmt: skip
FAMILY = (
    "Diallo", "Traoré", "Keïta", "Ndiaye", "Mensah", "Owusu", "Mwangi", "Otieno", "Abebe", "Tesfaye", "Okafor", "Bello",
    "Haddad", "Mansour", "Benali", "Saïdi", "Khalil", "Rahimi", "Karimi", "Nazarov", "Ismailov", "Tashkent", "Petrov",
    "Ivanova", "Kowalski", "Novák", "Jovanović", "Popescu", "Silva", "Souza", "Pérez", "Gómez", "Rojas", "Quispe",
    "Castillo", "Moreau", "Lefèvre", "Dubois", "Müller", "Schmidt", "Rossi", "Bianchi", "Nguyen", "Tran", "Santoso",
    "Wijaya", "Rahman", "Hossain", "Sharma", "Patel", "Fernando", "Perera", "Chen", "Wang", "Kim", "Sato", "Yılmaz",
    "Kaya", "Campbell", "Baptiste", "Joseph", "Tuilagi", "Waqa",
)  # fmt: skip
# Written in their own script: given name, family name, gender.
NATIVE = (
    ("أمينة", "حداد", "W"), ("يوسف", "منصور", "M"), ("ليلى", "بن علي", "W"), ("Ирина", "Петрова", "W"),
    ("Сергей", "Назаров", "M"), ("Айгуль", "Исмаилова", "W"), ("丽", "王", "W"), ("伟", "陈", "M"),
)  # fmt: skip
AGENCIES = (
    "Border Police", "National Border Guard", "Customs Administration", "Directorate of Immigration",
    "Coast Guard", "Airport Police", "Passenger Information Unit", "Ministry of the Interior",
    "Counter-Terrorism Centre", "National Police", "Port Authority", "Ministry of Foreign Affairs",
)  # fmt: skip
POSITIONS = ("Captain", "Inspector", "Superintendent", "Head of Unit", "Analyst", "Liaison Officer", "Training Officer")
SUBJECTS = (
    "Border Community Dynamics", "Passenger Data in Practice", "Risk Assessment at Land Crossings",
    "Maritime Border Security", "Information-sharing between Agencies", "Responsible Use of Biometrics",
    "Screening for Foreign Terrorist Fighters", "Human Rights at the Border", "Women in Border Management",
    "Small Arms across Borders", "Airport Security Lessons", "Joint Patrols in Remote Areas",
)  # fmt: skip
VENUES = ("Nairobi", "Dakar", "Tashkent", "Amman", "Vienna", "Bangkok", "Panama City", "Rabat", "Skopje", "Lomé")
EVENT_ZONES = ("America/New_York", "Europe/Vienna", "Africa/Nairobi", "Asia/Bangkok", "Africa/Dakar")
